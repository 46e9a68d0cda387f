"""Arguments as on a command line, put over the values of a preset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from ..model import Argument, FormValues, ModuleSpec, ParserSpec, Preset
from ..redaction import MASK
from .comparing import chain, command_parser

_FLAGS = ("store_true", "store_false", "store_const")
_ADDED = ("append", "extend")
_REMAINDERS = ("...", "A...")
"""They take whatever follows, options too."""


def with_arguments(preset: Preset, argv: Sequence[str], spec: ModuleSpec) -> Preset:
    """A preset with arguments in the place of its own.

    An option takes the place of the preset's value for it, also where it is a list,
    and a word that of a positional which the preset does not give. Whatever else there
    is follows the preset's further arguments as it stands.

    Args:
        preset: the preset.
        argv: arguments as after ``python -m module``.
        spec: what the module takes.
    """
    reader = _Reader(spec.parser, preset.given)
    levels = reader.read(list(argv))
    return msgspec.structs.replace(
        preset,
        values=_over(preset.values, levels),
        extra_args=(*preset.extra_args, *reader.rest),
    )


def unmasked(argv: Sequence[str]) -> list[str]:
    """The arguments of a run without those whose values are masked."""
    kept: list[str] = []
    for text in argv:
        if MASK not in text:
            kept.append(text)
        elif text == MASK and kept and kept[-1].startswith("-"):
            kept.pop()
    return kept


class _Level(NamedTuple):
    """One parser on the way down, and what was read for it."""

    parser: ParserSpec
    name: str
    free: list[Argument]
    found: dict[str, Any]


class _Reader:
    """Reads arguments for a parser and its subcommands; ``rest`` is what it leaves."""

    def __init__(self, parser: ParserSpec, given: FormValues) -> None:
        self.rest: list[str] = []
        self._levels: list[_Level] = []
        level: FormValues | None = given
        for _, below in chain(parser, given):
            self._descend(below, level or FormValues())
            level = level.command if level else None

    def read(self, words: list[str]) -> list[_Level]:
        """What was read, from the module's own parser down."""
        while words:
            word = words.pop(0)
            name, equals, value = word.partition("=")
            level, argument = self._option(name if equals else word)
            joined = value if equals else None
            if word == "--" or (argument and argument.nargs in _REMAINDERS):
                self.rest += [word, *words]
                break
            if argument and self._take(level, argument, name, words, joined):
                continue
            if _is_option(word) or not self._take_word(word):
                self.rest.append(word)
        return self._levels

    def _descend(self, parser: ParserSpec, given: FormValues) -> None:
        free = [
            argument
            for argument in parser.arguments
            if argument.is_positional
            and argument.action == "store"
            and argument.nargs is None
            and argument.id not in given.values
        ]
        self._levels.append(_Level(parser, given.name, free, {}))

    def _take_word(self, word: str) -> bool:
        """Note a word that is a subcommand's name, or a positional's value."""
        innermost = self._levels[-1]
        below = command_parser(innermost.parser, word)
        if below is not None:
            self._descend(below, FormValues(name=word))
        elif innermost.free:
            innermost.found[innermost.free.pop(0).id] = word
        else:
            return False
        return True

    def _option(self, name: str) -> tuple[int, Argument | None]:
        """The level and the argument of an option string, the innermost first."""
        for level in range(len(self._levels) - 1, -1, -1):
            for argument in self._levels[level].parser.arguments:
                if name in argument.option_strings:
                    return level, argument
        return 0, None

    def _take(
        self,
        level: int,
        argument: Argument,
        name: str,
        words: list[str],
        value: str | None,
    ) -> bool:
        """Note an option's value; false where it is left as it stands."""
        found = self._levels[level].found
        if argument.action in _FLAGS and value is None:
            found[argument.id] = True
        elif argument.action == "boolean_optional" and value is None:
            found[argument.id] = not name.startswith("--no-")
        elif argument.action not in ("store", *_ADDED):
            return False
        else:
            texts = [value] if value is not None else _values(argument, words)
            if texts is None:
                return False
            one: Any = texts if argument.nargs is not None else texts[0]
            if argument.nargs == "?":
                one = texts[0] if texts else {"bare": True}
            if argument.action in _ADDED:
                found[argument.id] = [*found.get(argument.id, []), one]
            else:
                found[argument.id] = one
        return True


def _values(argument: Argument, words: list[str]) -> list[str] | None:
    """The words that follow an option and are its values; ``None``: hard to tell."""
    wanted = argument.nargs
    if wanted not in (None, "?", "+", "*") and not isinstance(wanted, int):
        return None
    most = {None: 1, "?": 1}.get(wanted) if not isinstance(wanted, int) else wanted
    taken: list[str] = []
    while words and (most is None or len(taken) < most) and not _is_option(words[0]):
        taken.append(words.pop(0))
    if (isinstance(wanted, int) and len(taken) < wanted) or (
        wanted in (None, "+") and not taken
    ):
        words[:0] = taken
        return None
    return taken


def _is_option(word: str) -> bool:
    """Whether a word begins an option; a negative number does not."""
    if not word.startswith("-") or word == "-":
        return False
    try:
        float(word)
    except ValueError:
        return True
    return False


def _over(values: FormValues, levels: Sequence[_Level]) -> FormValues:
    """Values with what was read over them; a subcommand that was named comes in."""
    first, *below = levels
    inner = values.command
    if below:
        inner = _over(inner or FormValues(name=below[0].name), below)
    return FormValues(
        name=values.name, values={**values.values, **first.found}, command=inner
    )
