"""Ranges of numbers, exact in decimals: `0.1..0.5:0.1` has no 0.30000000000000004."""

from __future__ import annotations

import decimal
import re
from decimal import Decimal

from .series import NotASeries, Series

BEYOND = 10**12
"""The count of what has more values than anybody could want."""

_NUMBER = re.compile(r"[+-]?(\d[\d_]*(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?")
_LONGEST = 60


def number_of(text: str) -> Decimal | None:
    """The number that a text writes, exactly; None where it writes none."""
    text = text.strip()
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        return None
    return Decimal(text)


def numbers(first: Decimal, last: Decimal, step: str) -> Series:
    """The numbers from the first on, the last one included where the step meets it.

    Args:
        first: where it begins.
        last: where it ends.
        step: a number, ``x10`` for a factor, or empty for 1 between whole numbers.

    Raises:
        NotASeries: the step is none, or leads away from the end.
    """
    if step[:1] in ("x", "*"):
        return _by_factor(first, last, number_of(step[1:]), step)
    whole = first == first.to_integral_value() and last == last.to_integral_value()
    if not step and not whole:
        raise NotASeries(
            f"A range of decimals needs a step: `{first}..{last}:0.1`, say."
        )
    pace = number_of(step or "1")
    if pace is None:
        raise NotASeries(f"`{step}` is no step between numbers; 2, 0.1 and x10 are.")
    if pace == 0:
        raise NotASeries("A step cannot be 0.")
    if (last - first) * pace < 0:
        raise NotASeries(_reversed(first, last, pace))
    try:
        count = int((last - first) // pace) + 1
    except decimal.InvalidOperation:  # more digits than anybody counts
        count = BEYOND
    return Series(count, lambda place: _text(first + pace * place))


def _reversed(first: Decimal, last: Decimal, pace: Decimal) -> str:
    if pace > 0:
        return f"It ends before it begins: write `{last}..{first}`, or a step below 0."
    return f"A step of {pace} leads away from {last}."


def _by_factor(
    first: Decimal, last: Decimal, factor: Decimal | None, step: str
) -> Series:
    if factor is None or factor <= 0 or factor == 1 or first == 0:
        raise NotASeries(f"`{step}` is no factor that leads from {first} to {last}.")
    rises = abs(last) > abs(first)
    if last * first <= 0 or (rises != (factor > 1) and last != first):
        raise NotASeries(f"A factor of {factor} never leads from {first} to {last}.")
    found = [first]
    while abs(first) <= abs(value := found[-1] * factor) <= abs(last) or abs(
        first
    ) >= abs(value) >= abs(last):
        found.append(value)
    return Series(len(found), lambda place: _text(found[place].normalize()))


def _text(number: Decimal) -> str:
    return format(number, "f")
