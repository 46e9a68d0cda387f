"""A sweep that is being written: each field's count, ends and mistakes."""

from __future__ import annotations

import datetime as dt

from ..errors import ValuesError
from ..model import ModuleSpec, SweepFieldView, SweepRequest, SweepView
from .fields import shown
from .planning import plan_sweep
from .swept import Swept, read_fields


def view_sweep(
    spec: ModuleSpec, request: SweepRequest, today: dt.date | None = None
) -> SweepView:
    """What there is to say of a sweep that may be half written; nothing is raised."""
    today = today or dt.date.today()  # noqa: DTZ011 - the user's own today
    fields = tuple(map(_view, read_fields(spec, request, today)))
    try:
        plan = plan_sweep(spec, request, today)
    except ValuesError as error:
        known = {one.path for one in fields if one.error}
        rest = {path: said for path, said in error.fields.items() if path not in known}
        return SweepView(fields=fields, error=" ".join(rest.values()))
    return SweepView(fields=fields, count=plan.count, summary=plan.summary())


def _view(one: Swept) -> SweepFieldView:
    series = one.series
    return SweepFieldView(
        name=one.name,
        path=one.path,
        count=series.count,
        noun=series.noun,
        first=one.text or (shown(series.at(0)) if series.count else ""),
        last=shown(series.at(series.count - 1)) if series.count else "",
        linked=bool(one.text),
        error=one.error,
    )
