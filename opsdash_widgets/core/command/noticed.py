"""What older Pythons take for not given, where one of a group is required.

Before 3.12.8 a value counts only where it is not the very default.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model import ExclusiveGroup
from .arrange import at_default
from .levels import Level
from .shape import Occurrence

_SHARED_NUMBERS = range(-5, 257)


def with_noticed(levels: Sequence[Level], fields: dict[str, str]) -> list[Level]:
    """The levels with each required group noticed.

    Beside an argument that goes unnoticed another of its group may stand at its own
    default: to the parser it is then the only one.

    Args:
        levels: the chain of parsers.
        fields: gets what cannot be noticed.
    """
    return [_with_noticed(level, fields) for level in levels]


def _with_noticed(level: Level, fields: dict[str, str]) -> Level:
    for group in level.parser.exclusive_groups:
        uses = [
            use
            for use in (*level.options, *level.positionals)
            if use.argument.id in group.arguments
        ]
        if not group.required or not uses or not all(map(_goes_unnoticed, uses)):
            continue
        other = _other(level, group, {use.argument.id for use in uses})
        if other is None:
            name = level.prefix + uses[0].argument.id
            fields[name] = "This Python counts its default as not given at all."
        else:
            level = level._replace(options=[*level.options, other])
    return level


def _other(level: Level, group: ExclusiveGroup, given: set[str]) -> Occurrence | None:
    """A use of another argument of a group that changes nothing, and is noticed."""
    dests = [argument.dest for argument in level.parser.arguments]
    for argument in level.parser.arguments:
        if argument.id not in group.arguments or argument.is_positional:
            continue
        if argument.id in given or dests.count(argument.dest) > 1:
            continue
        use = at_default(argument)
        if use is not None and not _goes_unnoticed(use):
            return use
    return None


def _goes_unnoticed(use: Occurrence) -> bool:
    """Whether older Pythons take a use for no use, since it gives the very default.

    They ask whether the value *is* the default object, as small numbers, the empty
    text and constants are.
    """
    argument = use.argument
    if argument.nargs not in (None, "?") or isinstance(argument.default, list):
        return False
    if not use.texts:
        same = argument.const_repr == argument.default_repr
        return same and argument.const_repr in ("None", "True", "False")
    text, default = use.texts[0], argument.default
    if argument.type_name == "int" and isinstance(default, int):
        return default in _SHARED_NUMBERS and text.strip() == str(default)
    return text == default == "" and argument.type_name in ("", "str")
