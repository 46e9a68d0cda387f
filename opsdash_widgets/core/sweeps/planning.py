"""A sweep as a whole: how many runs it makes, and what each of them gets."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from ..errors import ValuesError
from ..model import FormValues, LaunchRequest, ModuleSpec, SweepRequest
from .fields import Field, field_label, shown, value_of, with_value
from .series import NotASeries
from .swept import LINK, MOST_RUNS, Swept, read_fields, with_token

TIMES = " \u00d7 "


@dataclass(frozen=True)
class SweepPlan:
    """What a sweep comes to.

    Attributes:
        base: what every run is asked for.
        fields: the swept fields, in the order in which they were named.
        axes: places in ``fields`` that go together, the slowest first; several in one
            axis are zipped. Linked fields are in none.
        count: how many runs.
    """

    base: LaunchRequest
    fields: tuple[Swept, ...]
    axes: tuple[tuple[int, ...], ...]
    count: int

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the fields."""
        return tuple(one.path for one in self.fields)

    def summary(self) -> str:
        """``66 business days x 3 vol = 198 runs``, with a sign for "times"."""
        runs = "1 run" if self.count == 1 else f"{self.count:,} runs"
        return f"{TIMES.join(map(self._told, self.axes))} = {runs}"

    def _told(self, axis: tuple[int, ...]) -> str:
        first = self.fields[axis[0]].series
        names = " with ".join(field_label(self.fields[place].path) for place in axis)
        by_noun = first.noun and first.count > 1 and len(axis) == 1
        return f"{first.count:,} {first.noun if by_noun else names}"

    def points(self) -> Iterator[tuple[Any, ...]]:
        """The items of every run, in the order of ``fields``."""
        return map(self.point, range(self.count))

    def point(self, place: int) -> tuple[Any, ...]:
        """The items of one run; of a grid the last field changes fastest."""
        found: dict[int, Any] = {}
        for axis in reversed(self.axes):
            place, at = divmod(place, self.fields[axis[0]].series.count)
            found |= {one: self.fields[one].series.at(at) for one in axis}
        names = {self.fields[one].path: shown(item) for one, item in found.items()}
        for one, swept in enumerate(self.fields):
            if swept.text:
                found[one] = _filled(swept.text, names)
        return tuple(found[one] for one in range(len(self.fields)))

    def requests(self) -> Iterator[LaunchRequest]:
        """What each run is asked for.

        Raises:
            ValuesError: an item does not fit its argument.
        """
        for point in self.points():
            values, extra = self.base.values or FormValues(), self.base.extra_args
            for swept, item in zip(self.fields, point, strict=True):
                values, extra = _given(swept, item, values, extra)
            yield msgspec.structs.replace(self.base, values=values, extra_args=extra)


def plan_sweep(
    spec: ModuleSpec, request: SweepRequest, today: dt.date | None = None
) -> SweepPlan:
    """What a sweep comes to; its runs are not written out.

    Raises:
        ValuesError: a field is none, its text names no values, a zip does not fit, or
            there are too many runs; ``fields`` says where.
    """
    found = read_fields(spec, request, today or dt.date.today())  # noqa: DTZ011 - the user's own today
    wrong = {one.path: one.error for one in found if one.error}
    if not any(one.series.count for one in found) and not wrong:
        wrong[""] = "Nothing is swept: give at least one field a range or a list."
    if wrong:
        raise _refused(wrong)
    axes = _axes(request, found)
    counts = [found[axis[0]].series.count for axis in axes]
    plan = SweepPlan(request.base, found, axes, math.prod(counts))
    if plan.count > MOST_RUNS:
        raise _refused(
            {
                "": f"{plan.summary()}, and a sweep has at most {MOST_RUNS:,}. "
                "Narrow a range, or take a greater step."
            }
        )
    return plan


def _axes(
    request: SweepRequest, found: tuple[Swept, ...]
) -> tuple[tuple[int, ...], ...]:
    """The places that go together, in the order of their first fields.

    Raises:
        ValuesError: zipped fields have different numbers of values, or are none.
    """
    places = {one.name: place for place, one in enumerate(found) if not one.text}
    axis_of: dict[int, tuple[int, ...]] = {place: (place,) for place in places.values()}
    for names in request.zips:
        unknown = [name for name in names if name not in request.fields]
        if unknown:
            raise _refused({"": f"{unknown[0]} is zipped, but not swept."})
        together = tuple(sorted(places[name] for name in names if name in places))
        _check_zip([found[place] for place in together])
        for place in together:
            if len(axis_of[place]) > 1:
                raise _refused({found[place].path: "It is zipped twice."})
            axis_of[place] = together
    return tuple(dict.fromkeys(axis_of[place] for place in sorted(axis_of)))


def _check_zip(fields: list[Swept]) -> None:
    counts = {one.series.count for one in fields}
    if len(counts) > 1:
        told = " and ".join(f"{one.path} has {one.series.count:,}" for one in fields)
        sentence = f"Zipped fields need as many values each: {told}."
        raise _refused({one.path: sentence for one in fields[1:]})


def _filled(text: str, names: Mapping[str, str]) -> str:
    return LINK.sub(lambda match: names.get(match[1], match[0]), text)


def _given(
    swept: Swept, item: Any, values: FormValues, extra: tuple[str, ...]
) -> tuple[FormValues, tuple[str, ...]]:
    """Values and free arguments with one field's item in them."""
    field = swept.field or _no_field(swept)
    try:
        value = value_of(field, item)
        if field.is_token:
            return values, with_token(extra, field.path, value)
        return with_value(values, field, value), extra
    except NotASeries as error:
        raise _refused({field.path: str(error)}) from None


def _no_field(swept: Swept) -> Field:
    raise _refused({swept.path: swept.error})


def _refused(fields: Mapping[str, str]) -> ValuesError:
    told = [f"{path}: {said}" if path else said for path, said in fields.items()]
    return ValuesError(" ".join(told), fields)
