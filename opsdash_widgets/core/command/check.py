"""Check a value as far as its argument's description tells, without its converter.

The module's own converter is never called here: it may open or delete what it is given.
"""

from __future__ import annotations

import datetime
import difflib
import os
from collections.abc import Callable
from typing import Any

from ..model import Argument
from .shape import Misfit, occurrences, shown

_LONGEST = 128 * 1024 - 1
"""Bytes of one argument: Linux's MAX_ARG_STRLEN, less the closing NUL."""
_SHOWN_CHOICES = 8


def check_value(argument: Argument, value: Any) -> str | None:
    """Why a value is wrong for its argument, one sentence; None where it is not."""
    try:
        given = occurrences(argument, value)
        for occurrence in given:
            for text in occurrence.texts:
                check_text(argument, text)
    except Misfit as misfit:
        return str(misfit)
    return None


def check_text(argument: Argument, text: str) -> None:
    """Check one text of a value.

    Raises:
        Misfit: it is wrong.
    """
    _check_passable(text)
    check = _CHECKS.get(argument.type_name)
    if check is not None:
        check(text)
    if argument.type_name and not argument.type_known and check is None:
        return  # what it makes of a text, only its module knows
    if argument.choices is not None:
        _check_choice(argument, text)
    if argument.minimum is not None or argument.maximum is not None:
        _check_range(argument, text)


def _check_passable(text: str) -> None:
    if "\0" in text:
        raise Misfit("It holds a NUL character, which no command line can.")
    try:
        size = len(os.fsencode(text))
    except UnicodeEncodeError:
        raise Misfit("It holds half a character, which no command line can.") from None
    if size > _LONGEST:
        raise Misfit(
            f"It has {size:,} bytes; one argument can have at most {_LONGEST:,}. "
            "Put it into a file."
        )


def _check_choice(argument: Argument, text: str) -> None:
    allowed = [choice.value for choice in argument.choices or ()]
    if text in allowed or _equal_number(argument, text, allowed):
        return
    if not allowed:
        raise Misfit("Its module allows no value at all.")
    shown = ", ".join(allowed[:_SHOWN_CHOICES])
    if len(allowed) > _SHOWN_CHOICES:
        shown += f" and {len(allowed) - _SHOWN_CHOICES} more"
    near = difflib.get_close_matches(text, allowed, 1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise Misfit(f"{_quoted(text)} is not one of {shown}.{hint}")


def _equal_number(argument: Argument, text: str, allowed: list[str]) -> bool:
    read = _NUMBERS.get(argument.type_name)
    if read is None:
        return False
    try:
        return read(text) in {read(choice) for choice in allowed}
    except ValueError:
        return False


def _check_range(argument: Argument, text: str) -> None:
    try:
        number = float(text)
    except ValueError:
        raise Misfit(f"{_quoted(text)} is not a number.") from None
    least, most = argument.minimum, argument.maximum
    if least is not None and number < least:
        raise Misfit(f"{_quoted(text)} is less than the least allowed, {least:g}.")
    if most is not None and number > most:
        raise Misfit(f"{_quoted(text)} is more than the most allowed, {most:g}.")
    if "minimum" in argument.open_ends and number == least:
        raise Misfit(f"It must be more than {least:g}.")
    if "maximum" in argument.open_ends and number == most:
        raise Misfit(f"It must be less than {most:g}.")


def _check_int(text: str) -> None:
    try:
        int(text)
    except ValueError:
        raise Misfit(_wrong(text, "a whole number")) from None


def _check_float(text: str) -> None:
    try:
        float(text)  # `nan`, `inf` and `1e999` are numbers to it
    except ValueError:
        raise Misfit(_wrong(text, "a number")) from None


def _check_complex(text: str) -> None:
    try:
        complex(text)
    except ValueError:
        raise Misfit(_wrong(text, "a complex number")) from None


def _check_date(text: str) -> None:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise Misfit(_wrong(text, "a date such as 2024-03-28")) from None


def _wrong(text: str, wanted: str) -> str:
    if not text.strip():
        return f"Give {wanted}."
    return f"{_quoted(text)} is not {wanted}."


def _quoted(text: str) -> str:
    return f"`{shown(text)}`"


_CHECKS: dict[str, Callable[[str], None]] = {
    "int": _check_int,
    "float": _check_float,
    "complex": _check_complex,
    "datetime.date.fromisoformat": _check_date,
}
_NUMBERS: dict[str, Callable[[str], float]] = {"int": int, "float": float}
