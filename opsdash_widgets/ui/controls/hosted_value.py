"""Between a widget's value and what a form holds for its argument."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ipywidgets import Widget

from opsdash_widgets.core.command.shape import (
    COUNTED,
    FLAGS,
    REPEATED,
    Misfit,
    text_of,
)
from opsdash_widgets.core.model import Argument

__all__ = ["Misfit", "form_value", "same", "widget_values"]

_SEVERAL = (list, tuple, set, frozenset)


def form_value(argument: Argument, value: Any) -> Any:
    """What a form holds for a widget's value; ``None`` where it says nothing.

    Raises:
        Misfit: the argument takes no such value; the text says why.
    """
    if value is None or value == "":
        return None
    if argument.action in COUNTED:
        return int(value) or None
    if argument.action == "boolean_optional":
        return bool(value)
    if argument.action in FLAGS or argument.nargs == 0:
        return True if value else None
    if isinstance(value, _SEVERAL):
        return _several(argument, value) or None
    text = _text(argument, value)
    return [text] if _takes_several(argument) else text


def _several(argument: Argument, values: Any) -> list[Any]:
    if not _takes_several(argument):
        raise Misfit("Give one value, not several.")
    return [
        [_text(argument, each) for each in item]
        if isinstance(item, _SEVERAL)
        else _text(argument, item)
        for item in values
    ]


def _takes_several(argument: Argument) -> bool:
    return argument.action in REPEATED or argument.nargs not in (None, "?")


def _text(argument: Argument, value: Any) -> str:
    if isinstance(value, float) and value.is_integer() and argument.type_name == "int":
        return str(int(value))
    return text_of(value)


def same(argument: Argument, one: Any, other: Any) -> bool:
    """Whether two values of a form mean the same for an argument."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(
            same(argument, a, b) for a, b in zip(one, other, strict=True)
        )
    if one == other:
        return type(one) is type(other)
    if argument.type_name not in ("int", "float"):
        return False
    try:
        return float(one) == float(other)
    except (TypeError, ValueError):
        return False


def widget_values(widget: Widget, given: Any) -> Iterator[Any]:
    """What a widget's value may be for what a form holds, the likeliest first."""
    yield from _options(widget, given)
    if isinstance(given, list):
        for read in _READERS:
            values = _each(read, given)
            if values is not None:
                yield tuple(values)
                yield values
        if len(given) == 1:
            yield from widget_values(widget, given[0])
        return
    yield given
    for read in _READERS[1:]:
        values = _each(read, [given])
        if values is not None:
            yield values[0]


def _options(widget: Widget, given: Any) -> Iterator[Any]:
    """Those of a selection's options that stand for what is given."""
    options = getattr(widget, "_options_values", None)
    if not options:
        return
    by_text: dict[str, Any] = {}
    for option in options:
        try:
            by_text.setdefault(text_of(option), option)
        except Misfit:
            continue
    if isinstance(given, list):
        found = [by_text[text] for text in given if text in by_text]
        if len(found) == len(given):
            yield tuple(found)
    elif given in by_text:
        yield by_text[given]


def _each(read: Callable[[Any], Any], given: list[Any]) -> list[Any] | None:
    try:
        return [
            [read(each) for each in item] if isinstance(item, list) else read(item)
            for item in given
        ]
    except (TypeError, ValueError):
        return None


_READERS: tuple[Callable[[Any], Any], ...] = (
    lambda text: text,
    int,
    float,
    datetime.date.fromisoformat,
    datetime.datetime.fromisoformat,
    datetime.time.fromisoformat,
    Path,
)
