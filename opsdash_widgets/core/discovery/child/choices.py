"""The allowed values of an argument, as they stand on a command line."""

from __future__ import annotations

import argparse
import enum
import itertools
from typing import Any, Iterable, NamedTuple

from . import plain

_LISTED = 5_000
_MEMBERS = 1_000


class Allowed(NamedTuple):
    """What an argument allows.

    Attributes:
        listed: the values in order, or None where anything (or too much) goes.
        minimum: the least number, where a range is too long to be listed.
        maximum: the greatest number of such a range.
        unlisted: the ``repr`` of choices that are not listed.
    """

    listed: list[dict[str, str]] | None = None
    minimum: float | None = None
    maximum: float | None = None
    unlisted: str = ""


class Remembered:
    """A generator of choices that behaves as before and still tells what it gave."""

    def __init__(self, source: Iterable[Any]) -> None:
        self.items = list(itertools.islice(source, _LISTED + 1))
        self._left = iter(self.items)

    def __iter__(self) -> Remembered:
        return self

    def __next__(self) -> Any:
        return next(self._left)

    @property
    def exhausted(self) -> bool:
        """Whether argparse itself has used it up, and now refuses every value."""
        return bool(self.items) and next(self._left, self) is self


def read(
    action: argparse.Action, converter: Any, identity: str, warnings: list[str]
) -> Allowed:
    """The choices of an action."""
    allowed = action.choices
    if allowed is None:
        return Allowed()
    if isinstance(allowed, Remembered):
        if allowed.exhausted:
            warnings.append(
                f"Choices of `{identity}` come from a generator that argparse has used "
                "up: the module will refuse every value of it."
            )
        allowed = allowed.items
    if isinstance(allowed, range) and len(allowed) > _LISTED:
        ends = sorted((allowed[0], allowed[-1]))
        return Allowed(None, float(ends[0]), float(ends[1]), repr(allowed))
    try:
        items = list(itertools.islice(iter(allowed), _LISTED + 1))
    except Exception:
        warnings.append(f"Choices of `{identity}` cannot be listed.")
        return Allowed(unlisted=plain.representation(allowed))
    if len(items) > _LISTED:
        warnings.append(
            f"`{identity}` has more than {_LISTED:,} choices: they are not listed, and "
            "its value is checked by the module only."
        )
        return Allowed(unlisted=plain.representation(allowed))
    return Allowed([_choice(item, converter) for item in items])


def texts(allowed: Iterable[Any]) -> list[str]:
    """Choices as the help shows them."""
    if isinstance(allowed, Remembered):
        allowed = allowed.items
    try:
        shown = [plain.text(i) for i in itertools.islice(allowed, _LISTED + 1)]
    except Exception:
        return []
    return [*shown[:_LISTED], "…"] if len(shown) > _LISTED else shown


def default_value(default: Any, converter: Any) -> Any:
    """A default as JSON can hold it; enum members as they stand on a command line."""
    if isinstance(default, enum.Enum):
        return _choice(default, converter)["value"]
    members = isinstance(default, (list, tuple)) and len(default) <= _MEMBERS
    if members and any(isinstance(item, enum.Enum) for item in default):
        found = [default_value(item, converter) for item in default]
        return None if plain.lost(default, found) else found
    return plain.value(default)


def _choice(item: Any, converter: Any) -> dict[str, str]:
    if isinstance(item, enum.Enum):
        by_value = isinstance(converter, type) and isinstance(item, converter)
        text = plain.text(item.value) if by_value else plain.member_text(item)
        return {"value": text, "label": plain.text(item.name)}
    text = plain.text(item)
    return {"value": text, "label": text}
