"""One field or several swept over lists and ranges: which runs that makes."""

from __future__ import annotations

from .fields import DATE_TOKENS, field_label, shown
from .options import Option, sweep_options
from .planning import SweepPlan, plan_sweep
from .series import NotASeries
from .swept import MOST_RUNS, read_fields
from .viewing import view_sweep

__all__ = [
    "DATE_TOKENS",
    "MOST_RUNS",
    "NotASeries",
    "Option",
    "SweepPlan",
    "field_label",
    "plan_sweep",
    "read_fields",
    "shown",
    "sweep_options",
    "view_sweep",
]
