"""Which field is to blame for values that no command line can say, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .forms import stays_open
from .levels import Level
from .search import Search
from .shape import REMAINDER, Occurrence, shown

_MOST_TRIED = 12
_TOGETHER = (
    "This value cannot be given to this module on a command line together with the "
    "others."
)

Sayable = Callable[[Sequence[Level]], bool]


def blame(levels: Sequence[Level], search: Search, sayable: Sayable) -> dict[str, str]:
    """Field -> why, for values of which no line was found.

    Args:
        levels: the chain of parsers with their uses.
        search: what found none.
        sayable: whether a line can be found for other uses.
    """
    alone = {
        level.prefix + use.argument.id: _reason(levels, level, use)
        for place, level in enumerate(levels)
        for use in level.options
        if not search.forms(place, use)
    }
    if alone:
        return alone
    fields: dict[str, str] = {}
    tried: set[str] = set()
    for place, level in enumerate(levels):
        for use in reversed([*level.options, *level.positionals]):
            name = level.prefix + use.argument.id
            if name in tried or len(tried) == _MOST_TRIED:
                continue
            tried.add(name)
            if sayable(_without(levels, place, use)):
                fields[name] = _reason(levels, level, use)
    return fields or _anyone(levels)


def _without(levels: Sequence[Level], place: int, use: Occurrence) -> list[Level]:
    level = levels[place]
    less = level._replace(
        options=[one for one in level.options if one.argument is not use.argument],
        positionals=[
            one for one in level.positionals if one.argument is not use.argument
        ],
    )
    return [*levels[:place], less, *levels[place + 1 :]]


def _anyone(levels: Sequence[Level]) -> dict[str, str]:
    """The fields of which several values, or none, might have been too many."""
    found = {}
    for level in levels:
        for use in [*level.options, *level.positionals]:
            reason = _reason(levels, level, use)
            if reason != _TOGETHER:
                found[level.prefix + use.argument.id] = reason
    return found or {"": _TOGETHER}


def _reason(levels: Sequence[Level], level: Level, use: Occurrence) -> str:
    """Why a use is hard to say."""
    above = levels[: list(levels).index(level) + 1]
    files = "".join(one.parser.fromfile_prefix_chars or "" for one in above)
    for text in use.texts:
        if text and text[0] in files:
            return (
                f"`{shown(text)}` begins with {text[0]}, which this module takes for "
                "the name of a file of arguments."
            )
    if "--" in use.texts:
        return "`--` alone cannot be given here: it ends the options."
    several = len(use.texts) > 1 or use.argument.nargs == REMAINDER
    for text in use.texts:
        if text[:1] in tuple(level.parser.prefix_chars) and text[1:] and several:
            return (
                f"`{shown(text)}` begins with a dash: among several values the "
                "module takes it for an option."
            )
    return _reason_of_place(level, use)


def _reason_of_place(level: Level, use: Occurrence) -> str:
    if use.argument.is_positional:
        before = _left_out_before(level, use)
        if before:
            return f"`{before}` stands before it on the command line: give it too."
    elif stays_open(use) and level.command:
        return f"Its values would take in the command `{level.command}` behind them."
    return _TOGETHER


def _left_out_before(level: Level, use: Occurrence) -> str:
    given = {one.argument.id for one in level.positionals}
    for argument in level.parser.arguments:
        if argument.id == use.argument.id:
            return ""
        if argument.is_positional and argument.id not in given:
            return argument.id
    return ""
