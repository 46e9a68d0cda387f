"""Read a command line as click's own parser would, from the spec alone.

After ``click/parser.py``, which is the same in 7.1 to 8.5 but for options whose value
may be left out (from 8.0 on).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..model import Argument, ParserSpec

Found = dict[str, list[tuple[tuple[str, ...], bool]]]
"""Argument id -> its uses: the texts, and whether it is the off side of a pair."""


class Refused(Exception):
    """The command line is not read; the text says why."""


def prefixes(parser: ParserSpec) -> frozenset[str]:
    """The characters with which an option of the command begins."""
    options = [o for argument in parser.arguments for o in argument.option_strings]
    return frozenset({"-", *(option[0] for option in options if option)})


def read(
    parsers: Sequence[ParserSpec], commands: Sequence[str], argv: Sequence[str]
) -> list[Found]:
    """What each command of a chain reads.

    Args:
        parsers: the commands, outermost first.
        commands: the names that the subcommands are called by.
        argv: the whole command line.

    Raises:
        Refused: it cannot be read, or something is left over.
    """
    rest = list(argv)
    found = []
    for place, parser in enumerate(parsers):
        level = _Level(parser, rest)
        found.append(level.found)
        rest = level.rest
        if place < len(commands):
            if not rest or rest.pop(0) != commands[place]:
                raise Refused(f"`{commands[place]}` would not be read as the command.")
        elif rest:
            raise Refused(f"`{rest[0]}` would be left over.")
    return found


class _Level:
    """One command's reading: ``found`` and what is left to the next, ``rest``."""

    def __init__(self, parser: ParserSpec, argv: Sequence[str]) -> None:
        self.parser = parser
        self.found: Found = {}
        self._options = {o: a for a in parser.arguments for o in a.option_strings}
        self._prefixes = prefixes(parser)
        self._right = list(argv)
        self._left: list[str] = []
        self._read_options()
        self.rest = self._read_positionals([*self._left, *self._right])

    def _read_options(self) -> None:
        while self._right:
            word = self._right.pop(0)
            if word == "--":
                return
            if word[:1] in self._prefixes and len(word) > 1:
                self._read_option(word)
            elif self.parser.interspersed:
                self._left.append(word)
            else:
                self._right.insert(0, word)
                return

    def _read_option(self, word: str) -> None:
        name, equals, value = word.partition("=")
        argument = self._options.get(name)
        if argument is not None and len(name) > 2:
            if equals and argument.nargs == 0:
                raise Refused(f"`{name}` takes no value.")
            if equals:
                self._right.insert(0, value)
            self._use(argument, name)
            return
        if word[1:2] == word[0]:
            raise Refused(f"there is no option `{name}`.")
        self._read_short(word)

    def _read_short(self, word: str) -> None:
        for place, letter in enumerate(word[1:], 2):
            name = word[0] + letter
            argument = self._options.get(name)
            if argument is None:
                raise Refused(f"there is no option `{name}`.")
            if argument.nargs != 0 and word[place:]:
                self._right.insert(0, word[place:])
            self._use(argument, name)
            if argument.nargs != 0:
                return

    def _use(self, argument: Argument, name: str) -> None:
        texts: tuple[str, ...] = ()
        if argument.nargs != 0:
            count = argument.nargs if isinstance(argument.nargs, int) else 1
            texts = self._take(argument, name, count)
        use = (texts, name in argument.off_strings)
        self.found.setdefault(argument.id, []).append(use)

    def _take(self, argument: Argument, name: str, count: int) -> tuple[str, ...]:
        may_miss = argument.nargs == "?"
        if len(self._right) < count:
            if may_miss:
                return ()
            raise Refused(f"`{name}` needs a value.")
        following = self._right[0]
        looks_so = following[:1] in self._prefixes and len(following) > 1
        if may_miss and looks_so:
            return ()
        taken = tuple(self._right[:count])
        del self._right[:count]
        return taken

    def _read_positionals(self, texts: list[str]) -> list[str]:
        """Deal the texts out, those behind an open argument from the end."""
        ordered = [a for a in self.parser.arguments if a.is_positional]
        open_at = next((n for n, a in enumerate(ordered) if is_open(a)), len(ordered))
        for argument in ordered[:open_at]:
            self._deal(argument, [texts.pop(0) for _ in range(_count(argument, texts))])
        for argument in reversed(ordered[open_at + 1 :]):
            count = _count(argument, texts)
            self._deal(argument, texts[len(texts) - count :])
            del texts[len(texts) - count :]
        if open_at == len(ordered):
            return texts
        self._deal(ordered[open_at], texts)
        return []

    def _deal(self, argument: Argument, texts: list[str]) -> None:
        if isinstance(argument.nargs, int) and 0 < len(texts) < argument.nargs:
            raise Refused(f"`{argument.id}` takes {argument.nargs} values.")
        if texts:
            self.found[argument.id] = [(tuple(texts), False)]


def is_open(argument: Argument) -> bool:
    """Whether a positional takes any number of values."""
    return argument.nargs in ("*", "+")


def _count(argument: Argument, texts: list[str]) -> int:
    wanted = argument.nargs if isinstance(argument.nargs, int) else 1
    return min(wanted, len(texts))
