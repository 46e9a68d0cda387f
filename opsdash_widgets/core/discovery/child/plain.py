"""Values as JSON can hold them, and texts that no object can break."""

from __future__ import annotations

import argparse
import datetime
import decimal
import enum
import math
import os
import re
from typing import Any, Iterable, Mapping

_TEXT_LIMIT = 200_000
_REPR_LIMIT = 2_000
_ITEMS = 1_000
_JSON_INTEGER = 2**63 - 1
_MEMORY = re.compile(r" at 0x[0-9a-fA-F]+")


def text(thing: Any) -> str:
    """Any object as a text; never raises."""
    try:
        found: str = str(thing)
    except Exception:
        return object.__repr__(thing)
    # A lone surrogate cannot be written as UTF-8, and JSON readers refuse it.
    found = found[:_TEXT_LIMIT]
    return found.encode("utf-8", "backslashreplace").decode("utf-8")


def text_or_none(thing: Any) -> str | None:
    """The text of an object, None for None."""
    return None if thing is None else text(thing)


def representation(thing: Any) -> str:
    """The ``repr`` of an object, shortened; never raises.

    Addresses in it are written as ``0x0``: the real ones differ at every start.
    """
    try:
        shown = repr(thing)
    except Exception:
        shown = object.__repr__(thing)
    shown = _MEMORY.sub(" at 0x0", text(shown))
    return shown if len(shown) <= _REPR_LIMIT else shown[:_REPR_LIMIT] + "…"


def value(thing: Any, depth: int = 0) -> Any:
    """An object as JSON can hold it, None where it cannot be said; never raises."""
    try:
        return _value(thing, depth)
    except Exception:
        return None


def _value(thing: Any, depth: int) -> Any:
    if thing is None or isinstance(thing, bool):
        return thing
    if isinstance(thing, enum.Enum):
        return member_text(thing)
    if isinstance(thing, int):
        return int(thing) if abs(thing) <= _JSON_INTEGER else None
    if isinstance(thing, float):
        return float(thing) if math.isfinite(thing) else None
    if isinstance(thing, (str, os.PathLike, decimal.Decimal)):
        return text(thing)
    if isinstance(thing, (datetime.date, datetime.time)):
        return thing.isoformat()
    return _container(thing, depth)


def _container(thing: Any, depth: int) -> Any:
    if depth > 4 or not isinstance(thing, (list, tuple, set, frozenset, range, dict)):
        return None
    if len(thing) > _ITEMS:
        return None
    if isinstance(thing, dict):
        named = {text(key): value(item, depth + 1) for key, item in thing.items()}
        return None if lost(thing.values(), named.values()) else named
    found = [value(item, depth + 1) for item in thing]
    return None if lost(thing, found) else found


def lost(items: Iterable[Any], found: Iterable[Any]) -> bool:
    """Whether something cannot be said: half of a value would be another one."""
    return any(said is None and item is not None for item, said in zip(items, found))


def member_text(member: enum.Enum) -> str:
    """What stands for an enum member on a command line, as its class shows it."""
    cls = type(member)
    if cls.__str__ not in (enum.Enum.__str__, getattr(enum, "Flag", cls).__str__):
        return text(member)
    return text(member.value if isinstance(member, str) else member.name)


def expanded(template: Any, values: Mapping[str, Any]) -> str | None:
    """A text with its ``%(name)s`` expanded; as it stands where that fails."""
    if template is None:
        return None
    raw = text(template)
    if "%" not in raw:
        return raw
    known: dict[str, Any] = {name: _Guarded(item) for name, item in values.items()}
    try:
        return text(raw % known)
    except Exception:
        return raw


def described(template: Any, prog: str) -> str | None:
    """A description or an epilog: argparse expands it where it names the program."""
    if template is None or template == argparse.SUPPRESS:
        return None
    raw = text(template)
    return expanded(raw, {"prog": prog}) if "%(prog)" in raw else raw


class _Guarded:
    """A value for ``%`` formatting whose own ``__str__`` cannot break the help."""

    def __init__(self, thing: Any) -> None:
        self.thing = thing

    def __str__(self) -> str:
        return text(self.thing)

    def __repr__(self) -> str:
        return representation(self.thing)

    def __float__(self) -> float:
        return float(self.thing)

    def __int__(self) -> int:
        return int(self.thing)

    def __index__(self) -> int:
        return int(self.thing)
