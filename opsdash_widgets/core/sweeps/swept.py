"""The fields of a sweep, each read by itself: its values, or what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, NamedTuple

from ..model import FormValues, ModuleSpec, SweepRequest
from .dates import format_of, is_date
from .fields import Field, find_field, refusal, value_of
from .reading import read_series
from .series import NotASeries, Series, listed

MOST_RUNS = 10_000
"""More runs than these are not one sweep; the panel, too, has to show them."""

LINK = re.compile(r"\{([^{}]+)\}")
_EVERY_CHOICE = "*"
_NONE = listed(())


class Swept(NamedTuple):
    """A field as it is swept.

    Attributes:
        name: as it was asked for.
        field: which one it is; None where there is none of that name.
        series: its values; none of its own where it is linked.
        text: of a linked field: its text, with the paths of others in braces.
        error: what is wrong, one sentence; empty where nothing is.
    """

    name: str
    field: Field | None = None
    series: Series = _NONE
    text: str = ""
    error: str = ""

    @property
    def path(self) -> str:
        """Where errors about it belong."""
        return self.field.path if self.field else self.name


def read_fields(
    spec: ModuleSpec, request: SweepRequest, today: dt.date
) -> tuple[Swept, ...]:
    """Each field of a sweep by itself; nothing is raised."""
    chosen = _commands(request.base.values)
    fields = {name: _found(spec, name, chosen) for name in request.fields}
    paths = [one.field.path for one in fields.values() if one.field]
    read: list[Swept] = []
    for name, asked in request.fields.items():
        one = fields[name]
        if one.field and any(one.field.path == other.path for other in read):
            one = one._replace(error=f"{one.field.path} is swept twice.")
        if not one.error and one.field:
            one = _read(one, one.field, asked, today, _Links(spec, chosen, paths))
        read.append(one)
    linked = {one.path for one in read if one.text}
    return tuple(_unlinked(one, linked) for one in read)


class _Links(NamedTuple):
    """What may stand in braces."""

    spec: ModuleSpec
    chosen: tuple[str, ...]
    swept: list[str]

    def resolve(self, text: str) -> str:
        """A text with the paths of swept fields in its braces; empty: it has none.

        Raises:
            NotASeries: an argument stands there that is not swept.
        """
        resolved = LINK.sub(self._path, text)
        named = LINK.findall(resolved)
        return resolved if any(path in self.swept for path in named) else ""

    def _path(self, match: re.Match[str]) -> str:
        try:
            path = find_field(self.spec, match[1], self.chosen).path
        except NotASeries:
            return match[0]  # braces mean nothing to us otherwise
        if path not in self.swept:
            raise NotASeries(f"{match[0]} stands for a field that is not swept.")
        return "{" + path + "}"


def _found(spec: ModuleSpec, name: str, chosen: tuple[str, ...]) -> Swept:
    try:
        field = find_field(spec, name, chosen)
        return Swept(name, field, error=refusal(field.argument))
    except NotASeries as error:
        return Swept(name, error=str(error))


def _read(one: Swept, field: Field, asked: Any, today: dt.date, links: _Links) -> Swept:
    try:
        if isinstance(asked, str):
            text = links.resolve(asked)
            if text:
                return one._replace(text=text)
            series = _series(field, asked, today)
        else:
            series = listed(asked)
        if not series.count:
            raise NotASeries("It has no values: there is nothing to run.")
        if series.count <= MOST_RUNS:
            for item in series.values():
                value_of(field, item)
    except NotASeries as error:
        return one._replace(error=str(error))
    return one._replace(series=series)


def _series(field: Field, text: str, today: dt.date) -> Series:
    argument = field.argument
    if text.strip() == _EVERY_CHOICE and argument.choices:
        return listed([choice.value for choice in argument.choices])
    dates = field.is_token or is_date(argument)
    written = format_of(argument) if dates else ""
    return read_series(text, today, dates=dates, written=written)


def _unlinked(one: Swept, linked: set[str]) -> Swept:
    """A field that names one which itself only follows another has no values."""
    if one.text and linked & set(LINK.findall(one.text)):
        error = "A field can follow one with values of its own, not one that follows."
        return one._replace(text="", error=error)
    return one


def _commands(values: FormValues | None) -> tuple[str, ...]:
    """The subcommands that are chosen, outermost first."""
    names = []
    while values is not None and values.command is not None:
        values = values.command
        names.append(values.name)
    return tuple(names)


def with_token(extra: tuple[str, ...], name: str, value: Any) -> tuple[str, ...]:
    """Free arguments with a date token in place of one of the same name."""
    kept = tuple(one for one in extra if not one.startswith(f"{name}="))
    return kept if value is None else (*kept, f"{name}={value}")
