"""The run directory: its layout, its files, and the state function over them."""

from __future__ import annotations

from .control import (
    Control,
    Rung,
    read_rungs,
    request_freeze,
    request_stop,
    withdraw_stop,
)
from .create import create_run_dir, new_run_id, read_spec, run_dir_path
from .facts import (
    ATTENDED,
    NOTHING,
    UNATTENDED,
    Facts,
    gather,
    leftovers,
    living_child,
)
from .queueing import (
    drop_turn,
    end_before_start,
    end_unstartable,
    queue_run_dirs,
    take_turn,
)
from .state import judge, read_verdict

__all__ = [
    "ATTENDED",
    "NOTHING",
    "UNATTENDED",
    "Control",
    "Facts",
    "Rung",
    "create_run_dir",
    "drop_turn",
    "end_before_start",
    "end_unstartable",
    "gather",
    "judge",
    "leftovers",
    "living_child",
    "new_run_id",
    "queue_run_dirs",
    "read_rungs",
    "read_spec",
    "read_verdict",
    "request_freeze",
    "request_stop",
    "run_dir_path",
    "take_turn",
    "withdraw_stop",
]
