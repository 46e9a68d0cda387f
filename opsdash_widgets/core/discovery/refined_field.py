"""One entry of an ``opsdash_form``: checked, and laid beside its argument."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from ..model import Argument, Choice, FieldForm
from ..redaction import safe_text

NAME = "opsdash_form"
MEANINGS = ("text", "multiline", "date", "path", "file", "folder")
NOT_SHOWN = "(set, not shown)"


def with_entry(argument: Argument, entry: Mapping[str, Any]) -> Argument:
    """An argument with what one entry of ``fields`` says of it."""
    problems: list[str] = []
    read: dict[str, Any] = {}
    for key, value in entry.items():
        if key not in _READ:
            continue
        try:
            read[key] = _READ[key](value)
        except ValueError as error:
            problems.append(f"`{key}` {error}")
    secret = read.pop("secret", None)
    if "choices" in read:
        choices, dynamic, problem = read.pop("choices")
        if problem:
            problems.append(f"the choices are left out: {problem}")
        read["dynamic"] = dynamic
        read["choices"] = _allowed(argument, choices, problems)
    _check_range(read, problems)
    warning = f"In `{NAME}` {'; '.join(problems)}." if problems else ""
    form = FieldForm(**read, warning=warning)
    if secret is True and not argument.secret:
        argument = _without_default(argument)
    elif secret is False:
        argument = msgspec.structs.replace(argument, secret=False)
    return msgspec.structs.replace(argument, form=form)


def _without_default(argument: Argument) -> Argument:
    """A secret argument: whatever it holds by default is not shown."""
    known = [argument.default, argument.const]
    help_text = argument.help
    for value in known:
        if value not in (None, "", True, False) and help_text:
            word = rf"(?<!\w){re.escape(str(value))}(?!\w)"
            help_text = re.sub(word, "(not shown)", help_text)
    changed: dict[str, Any] = {"secret": True, "help": help_text}
    if argument.default not in (None, ""):
        changed.update(default=None, default_repr=NOT_SHOWN)
    if argument.const is not None:
        changed.update(const=None, const_repr=NOT_SHOWN)
    return msgspec.structs.replace(argument, **changed)


def _allowed(
    argument: Argument,
    choices: tuple[Choice, ...] | None,
    problems: list[str],
) -> tuple[Choice, ...] | None:
    """The choices that the form offers; the parser's own stay the only ones."""
    if argument.choices is None or choices is None:
        return choices
    own = {choice.value: choice for choice in argument.choices}
    kept = [choice for choice in choices if choice.value in own]
    strange = [choice.value for choice in choices if choice.value not in own]
    if strange:
        problems.append(f"its parser does not allow {quoted(strange[0])}")
    rest = [own[value] for value in own.keys() - {choice.value for choice in kept}]
    rest.sort(key=list(own.values()).index)
    return (*kept, *rest)


def _check_range(read: dict[str, Any], problems: list[str]) -> None:
    least, most = read.get("minimum"), read.get("maximum")
    if least is not None and most is not None and least > most:
        problems.append(f"`minimum` {least:g} is above `maximum` {most:g}")
        del read["minimum"], read["maximum"]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("must be a text")
    return safe_text(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be True or False")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")
    return float(value)


def _meaning(value: Any) -> str:
    if value not in MEANINGS:
        near = nearest(str(value), MEANINGS)
        raise ValueError(f"must be one of {', '.join(MEANINGS)}{near}")
    return str(value)


def _choices(value: Any) -> tuple[tuple[Choice, ...] | None, bool, str]:
    """The choices, whether they were computed, and what went wrong."""
    if not isinstance(value, dict):
        raise ValueError("must be a list, a function or the name of one")
    dynamic = value.get("dynamic") is True
    if "problem" in value:
        return None, dynamic, safe_text(str(value["problem"]))
    return _distinct(value["listed"]), dynamic, ""


def _distinct(pairs: Iterable[tuple[str, str]]) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for value, label in pairs:
        found.setdefault(value, Choice(value=value, label=safe_text(label)))
    return tuple(found.values())


def quoted(value: Any) -> str:
    """A word of the mapping's as a sentence names it."""
    shown = safe_text(str(value))
    return f"`{shown}`" if len(shown) <= 60 else f"`{shown[:59]}…`"


def nearest(name: str, known: Iterable[str]) -> str:
    """What a wrong name may have meant, for the end of a sentence; may be empty."""
    words = [*known]
    near = difflib.get_close_matches(str(name), words, n=1, cutoff=0.5)
    return f" (the nearest right one is {quoted(near[0])})" if near else ""


_READ: dict[str, Callable[[Any], Any]] = {
    "label": _text,
    "help": _text,
    "placeholder": _text,
    "meaning": _meaning,
    "secret": _flag,
    "choices": _choices,
    "strict": _flag,
    "minimum": _number,
    "maximum": _number,
    "must_exist": _flag,
    "advanced": _flag,
    "hidden": _flag,
}
"""What an entry of ``fields`` may hold, and how each is read."""

KEYS = tuple(_READ)
