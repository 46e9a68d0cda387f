"""What a value of a form means for its argument: which occurrences, with which texts.

The shapes are those of ``FormValues``. A value that does not fit raises ``Misfit``
with one sentence for the field.
"""

from __future__ import annotations

import datetime
import enum
import os
from typing import Any, NamedTuple

from ..model import Argument

FLAGS = ("store_true", "store_false", "store_const", "help", "version")
COUNTED = ("count", "append_const")
REPEATED = ("append", "extend")
REMAINDER = "..."
_MOST_REPEATS = 1_000
_SHOWN = 40


class Misfit(Exception):
    """A value does not fit its argument; the text is the sentence for the field."""


class Occurrence(NamedTuple):
    """One use of an argument on a command line.

    Attributes:
        argument: the argument.
        texts: the values that follow it.
        negated: it is the off side of a boolean pair.
    """

    argument: Argument
    texts: tuple[str, ...] = ()
    negated: bool = False


def occurrences(argument: Argument, value: Any) -> list[Occurrence]:
    """The uses of an argument that a value asks for; none where it was untouched.

    Raises:
        Misfit: the value has another shape than the argument takes.
    """
    if value is None:
        return []
    if argument.action in COUNTED:
        return [Occurrence(argument)] * _count(value)
    if is_pair(argument):
        return [Occurrence(argument, negated=not _flag(value))]
    if argument.action in FLAGS or argument.nargs == 0:
        if argument.action == "custom" and type(value) is int:
            return [Occurrence(argument)] * _count(value)
        return [Occurrence(argument)] if _flag(value) else []
    if argument.action in REPEATED or _repeats_by_itself(argument, value):
        uses = [_one(argument, item) for item in _items(argument, value)]
        return _merged(argument, uses) if argument.is_positional else uses
    return [_one(argument, value)]


def is_single(argument: Argument) -> bool:
    """Whether one use takes one value at most."""
    return argument.nargs in (None, "?")


def off_strings(argument: Argument) -> tuple[str, ...]:
    """The option strings that switch a boolean pair off."""
    if not is_pair(argument):
        return ()
    named = tuple(o for o in argument.option_strings if o.startswith("--no-"))
    if argument.off_strings:
        return argument.off_strings
    # `--no-color/--no-no-color`: of a pair of such names the longer one is off.
    twins = tuple(o for o in named if "--" + o[5:] in argument.option_strings)
    return twins or named


def is_pair(argument: Argument) -> bool:
    """Whether an argument is switched on by one option string and off by another."""
    if argument.action == "boolean_optional":
        return True
    # Of a class of its own, as those made for Pythons before 3.9.
    strings = argument.option_strings
    named = any("--" + o[5:] in strings for o in strings if o.startswith("--no-"))
    return argument.action == "custom" and argument.nargs == 0 and named


def shown(text: str) -> str:
    """A value as a sentence quotes it: short, on one line."""
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in cut)


def text_of(value: Any) -> str:
    """A single value as it stands on a command line.

    Raises:
        Misfit: it is no single value.
    """
    if isinstance(value, str):
        return str(value)
    if isinstance(value, enum.Enum):
        return text_of(value.value)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    if isinstance(value, list | tuple | dict | set | bytes):
        raise Misfit("Give one value, not several.")
    return str(value)


def _repeats_by_itself(argument: Argument, value: Any) -> bool:
    """Whether a custom option is given several times."""
    if argument.action != "custom" or not isinstance(value, list | tuple):
        return False
    if argument.is_positional:
        return False
    return argument.nargs in (None, "?") or any(
        isinstance(item, list | tuple) for item in value
    )


def _merged(argument: Argument, uses: list[Occurrence]) -> list[Occurrence]:
    """The one use that a positional can have."""
    if len(uses) < 2:
        return uses
    if argument.action != "extend" or argument.nargs not in ("+", "*"):
        raise Misfit("It can be given once only: it has no option string.")
    return [Occurrence(argument, tuple(t for use in uses for t in use.texts))]


def _one(argument: Argument, value: Any) -> Occurrence:
    if isinstance(value, dict):
        if value.get("bare") is True and argument.nargs == "?":
            return Occurrence(argument)
        raise Misfit("It cannot be given without a value.")
    if is_single(argument):
        return Occurrence(argument, (text_of(value),))
    several = value if isinstance(value, list | tuple) else [value]
    texts = tuple(text_of(item) for item in several)
    _check_number(argument, len(texts))
    return Occurrence(argument, texts)


def _check_number(argument: Argument, given: int) -> None:
    wanted = argument.nargs
    if isinstance(wanted, int) and given != wanted:
        raise Misfit(f"Give {_values(wanted)}, not {given}.")
    if wanted == "+" and not given:
        raise Misfit("Give at least one value.")


def _values(number: int) -> str:
    return "one value" if number == 1 else f"exactly {number} values"


def _items(argument: Argument, value: Any) -> list[Any]:
    """The occurrences of an argument that may be repeated."""
    if not isinstance(value, list | tuple):
        return [value]
    flat = not any(isinstance(item, list | tuple) for item in value)
    if flat and isinstance(argument.nargs, int) and argument.nargs == len(value) > 1:
        return [value]
    return list(value)


def _flag(value: Any) -> bool:
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    raise Misfit("It is on or off: give true or false.")


def _count(value: Any) -> int:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if not isinstance(value, int) or not 0 <= value <= _MOST_REPEATS:
        raise Misfit(f"Give a whole number of times, from 0 to {_MOST_REPEATS:,}.")
    return value
