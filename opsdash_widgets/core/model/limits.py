"""What may end a run, or shorten its log: the one table of limits, and their texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from ..errors import ValuesError

MIB = 1 << 20
"""Bytes of the unit in which sizes are asked for."""


class Limit(NamedTuple):
    """One row of the table.

    Attributes:
        name: its key in ``spec.json`` and in a ``LaunchRequest``.
        label: what a form calls it.
        word: what an exit record calls it; empty where it ends no run.
        unit: ``s`` or ``MiB``.
        help: what it does, one sentence.
        least: the least number that it may be, in its unit.
        greatest: the greatest.
        example: what somebody may write.
    """

    name: str
    label: str
    word: str
    unit: str
    help: str
    least: float
    greatest: float
    example: str


LIMITS: tuple[Limit, ...] = (
    Limit(
        "time_s",
        "Time",
        "time",
        "s",
        "Ends the run when it has run this long; while it is paused no time counts.",
        1.0,
        366 * 86400.0,
        "90s, 15m, 2h, 1:30:00",
    ),
    Limit(
        "memory_mib",
        "Memory",
        "memory",
        "MiB",
        "Ends the run when all its processes together hold more memory than this.",
        1.0,
        64 * 1024 * 1024.0,
        "512M, 2G",
    ),
    Limit(
        "output_mib",
        "Output",
        "output",
        "MiB",
        "Ends the run when it has printed more than this.",
        0.001,
        1024 * 1024 * 1024.0,
        "500M, 10G",
    ),
    Limit(
        "log_mib",
        "Log kept",
        "",
        "MiB",
        "Cuts the middle out of a log that is longer; the run goes on.",
        0.25,
        1024 * 1024 * 1024.0,
        "100M, 1G",
    ),
)
"""Every limit there is, in the order in which forms show them."""

_BY_NAME = {limit.name: limit for limit in LIMITS}
_SECONDS = {"": 1, "s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400}
_MIB = {"": 1.0, "k": 1 / 1024, "m": 1.0, "g": 1024.0, "t": 1024.0 * 1024}
_NUMBER = re.compile(r"(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>[a-z]*)", re.IGNORECASE)
_CLOCK = re.compile(r"(?:(?P<h>\d+):)?(?P<m>\d{1,3}):(?P<s>\d{2})")
_PARTS = re.compile(r"(?:\d+(?:[.,]\d+)?\s*[a-z]+\s*){2,}", re.IGNORECASE)


def limit_named(name: str) -> Limit:
    """A row of the table; ``time`` is as good as ``time_s``.

    Raises:
        ValuesError: there is no such limit.
    """
    for limit in LIMITS:
        if name in (limit.name, limit.name.rpartition("_")[0]):
            return limit
    names = ", ".join(limit.name.rpartition("_")[0] for limit in LIMITS)
    message = f"There is no limit {name!r}; there are {names}."
    raise ValuesError(message, {name: message})


def parse_limit(name: str, text: str) -> float | None:
    """The number that a text means, in the limit's unit; ``None`` for an empty text.

    ``none`` and ``0`` are 0: no limit, whatever the settings say.

    Times are ``90``, ``90s``, ``15m``, ``2h``, ``1d``, ``1h30m``, ``15:00`` or
    ``1:30:00``; sizes ``512M``, ``2G``, ``1.5GiB`` or a number of MiB.

    Raises:
        ValuesError: there is no such limit, or the text is none; it names the limit.
    """
    limit = limit_named(name)
    text = text.strip()
    if not text:
        return None
    if text.lower() == "none":
        return 0.0
    value = _seconds(text) if limit.unit == "s" else _mib(text)
    if value is None:
        raise _wrong(limit, f"cannot be {text!r}: write it like {limit.example}.")
    return _checked(limit, value)


def check_limits(limits: Mapping[str, float]) -> dict[str, float]:
    """Limits by their full names, each in its bounds, or 0 for none.

    Raises:
        ValuesError: one is unknown, no number, or out of its bounds.
    """
    return {
        limit.name: _checked(limit, value)
        for limit, value in ((limit_named(name), v) for name, v in limits.items())
    }


def limit_text(name: str, value: float) -> str:
    """A limit as people write it: ``2 h``, ``1 h 30 min``, ``512 MiB``, ``4 GiB``."""
    limit = _BY_NAME.get(name)
    if limit is None:
        return f"{value:g}"
    return _time_text(value) if limit.unit == "s" else _size_text(value)


def _checked(limit: Limit, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(limit, f"must be a number, not {value!r}.")
    if value and not limit.least <= value <= limit.greatest:
        low, high = (limit_text(limit.name, v) for v in (limit.least, limit.greatest))
        raise _wrong(limit, f"must be between {low} and {high}.")
    return float(value)


def _wrong(limit: Limit, words: str) -> ValuesError:
    message = f"The {limit.name.rpartition('_')[0]} limit {words}"
    return ValuesError(message, {limit.name: message})


def _seconds(text: str) -> float | None:
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, seconds = (int(clock[part] or 0) for part in "hms")
        return 3600.0 * hours + 60 * minutes + seconds
    if _PARTS.fullmatch(text):
        parts = [_one(found, _SECONDS) for found in _NUMBER.finditer(text)]
        known = [part for part in parts if part is not None]
        return sum(known) if len(known) == len(parts) else None
    found = _NUMBER.fullmatch(text)
    return _one(found, _SECONDS) if found else None


def _mib(text: str) -> float | None:
    found = _NUMBER.fullmatch(text.lower().removesuffix("ib").removesuffix("b"))
    return _one(found, _MIB) if found else None


def _one(found: re.Match[str], units: Mapping[str, float]) -> float | None:
    factor = units.get(found["unit"].lower())
    return None if factor is None else float(found["number"].replace(",", ".")) * factor


def _time_text(seconds: float) -> str:
    whole = round(seconds)
    parts = [
        (whole // 86400, "d"),
        (whole // 3600 % 24, "h"),
        (whole // 60 % 60, "min"),
        (whole % 60, "s"),
    ]
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def _size_text(mib: float) -> str:
    for size, unit in ((1024.0 * 1024, "TiB"), (1024.0, "GiB"), (1.0, "MiB")):
        if mib >= size:
            return f"{mib / size:.4g} {unit}"
    return f"{mib * 1024:.4g} KiB"
