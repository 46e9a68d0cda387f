"""What argparse reads in a command line, told from the spec alone.

A model of argparse's reading, in all its generations (``rules.py``): no converter, no
choice, no action, only which argument gets which texts. A command line is right when
it reads as what was meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ..model import Argument, Command, ParserSpec
from .rules import Rules
from .shape import REMAINDER, off_strings

PARSER = "A..."
_LAST = (PARSER, REMAINDER)
_SUPPRESSED = "==SUPPRESS=="
_FOR_OPTIONS = {
    None: "(A)",
    "?": "(A?)",
    "*": "(A*)",
    "+": "(A+)",
    REMAINDER: "([AO]*)",
    PARSER: "(A[AO]*)",
    _SUPPRESSED: "()",
}
_FOR_POSITIONALS = {
    None: "(-*A-*)",
    "?": "(-*A?-*)",
    "*": "(-*[A-]*)",
    "+": "(-*A[A-]*)",
    REMAINDER: "([-AO]*)",
    PARSER: "(-*A[-AO]*)",
    _SUPPRESSED: "(-*)",
}


class Entry(NamedTuple):
    """One use of an argument, as argparse reads it.

    Attributes:
        level: how many subcommands stand above it.
        id: the argument's id, empty for the choice of a subcommand.
        texts: its values; the subcommand's name.
        negated: the off side of a boolean pair.
    """

    level: int
    id: str
    texts: tuple[str, ...] = ()
    negated: bool = False


class Refused(Exception):
    """argparse does not read the command line."""


class _Match(NamedTuple):
    """An option that a token may stand for; ``argument`` is None for an unknown one."""

    argument: Argument | None
    option: str
    given: str | None = None
    """What is joined to the option in the same token."""
    by: str = ""
    """What joins it: an equals sign, or nothing."""


class Reader:
    """Reads command lines as one parser, and those below it, would."""

    def __init__(self, parser: ParserSpec, rules: Rules, level: int = 0) -> None:
        self.parser = parser
        self.rules = rules
        self.level = level
        self._below: dict[str, Reader] = {}

    def read(self, argv: Sequence[str], *, whole: bool = True) -> list[Entry]:
        """Every use of an argument, in the order in which argparse meets them.

        Args:
            argv: the arguments.
            whole: it is a whole command line: what is required must be there.

        Raises:
            Refused: it would end with an error, or leave something over.
        """
        if self.rules.intermixed:
            return self._read_intermixed(argv)
        log, extras = Pass(self, argv, self.positionals, whole=whole).read()
        if extras:
            raise Refused(f"unrecognized arguments: {' '.join(extras)}")
        return log

    def _read_intermixed(self, argv: Sequence[str]) -> list[Entry]:
        """As ``parse_intermixed_args``: the options first, then all that is left."""
        if any(one is None or one.nargs in _LAST for one in self.positionals):
            raise Refused("not to be intermixed")
        if self.rules.defers:
            log, extras = Pass(self, argv, self.positionals).read(intermixed=True)
        else:
            log, extras = Pass(self, argv, self.positionals, waiting=True).read()
            more, extras = Pass(self, extras, self.positionals).read()
            log += more
        if extras:
            raise Refused(f"unrecognized arguments: {' '.join(extras)}")
        return log

    def below(self, name: str) -> Reader:
        """The reader of a subcommand."""
        if name not in self._below:
            command = self._commands.get(name)
            if command is None:
                raise Refused(f"invalid choice: {name}")
            self._below[name] = Reader(command.parser, self.rules, self.level + 1)
        return self._below[name]

    @cached_property
    def _commands(self) -> dict[str, Command]:
        some = self.parser.commands.commands if self.parser.commands else ()
        return {name: one for one in some for name in (one.name, *one.aliases)}

    @cached_property
    def positionals(self) -> list[Argument | None]:
        """The positionals in order; None stands for the choice of a subcommand."""
        found: list[Argument | None] = [
            one for one in self.parser.arguments if one.is_positional
        ]
        if self.parser.commands is not None:
            found.insert(self.parser.commands.position, None)
        return found

    @cached_property
    def options(self) -> dict[str, Argument]:
        """Option string -> its argument; of two with one string, the later."""
        return {
            option: argument
            for argument in self.parser.arguments
            for option in argument.option_strings
        }

    @cached_property
    def _has_numbers(self) -> bool:
        return any(self.rules.number.match(option) for option in self.options)

    def matches(self, text: str) -> list[_Match] | None:
        """The options that a token may stand for; None where it is a value."""
        if not text or text[0] not in self.parser.prefix_chars:
            return None
        if text in self.options:
            return [_Match(self.options[text], text)]
        if len(text) == 1:
            return None
        option, joined, given = text.partition("=")
        if joined and option in self.options:
            return [_Match(self.options[option], option, given, joined)]
        found = list(self._abbreviated(text))
        if len(found) > 1 and not self.rules.defers:
            raise Refused(f"ambiguous option: {text}")
        if found:
            return found
        if self.rules.number.match(text) and not self._has_numbers:
            return None
        return None if " " in text else [_Match(None, text)]

    def _abbreviated(self, text: str) -> Iterator[_Match]:
        """Options that begin like the token, and short ones with a joined value."""
        start, by, value = text.partition("=")
        given = value if by else None
        if text[1] in self.parser.prefix_chars:
            if self.parser.allow_abbrev:
                for option, argument in self.options.items():
                    if option.startswith(start):
                        yield _Match(argument, option, given, by)
            return
        if not self.rules.defers:
            start, given, by = text, None, ""
        abbreviates = self.parser.allow_abbrev or not self.rules.defers
        for option, argument in self.options.items():
            if option == text[:2]:
                yield _Match(argument, option, text[2:])
            elif abbreviates and option.startswith(start):
                yield _Match(argument, option, given, by)


class Pass:
    """One pass over the arguments."""

    def __init__(
        self,
        reader: Reader,
        argv: Sequence[str],
        positionals: Sequence[Argument | None],
        *,
        waiting: bool = False,
        whole: bool = False,
    ) -> None:
        self.reader = reader
        self.rules = reader.rules
        self.argv = list(argv)
        self.left = list(positionals)
        self.waiting = waiting
        """The positionals take nothing in this pass."""
        self.whole = whole
        self.log: list[Entry] = []
        self.extras: list[str] = []
        self.kinds = ""
        """What each argument looks like: O an option, A a value, - the first ``--``."""
        self.extra_kinds = ""
        self.options: dict[int, list[_Match]] = {}

    def read(self, *, intermixed: bool = False) -> tuple[list[Entry], list[str]]:
        """What was read, and what was left over."""
        self._classify()
        place = 0
        last = max(self.options, default=-1)
        while place <= last:
            following = min(index for index in self.options if index >= place)
            if not intermixed and place != following:
                reached = self._take_positionals(place)
                if reached > place:
                    place = reached
                    continue
            if place not in self.options:
                self._leave(place, following)
                place = following
            place = self._take_option(place)
        if intermixed:
            self._leave(place, len(self.argv))
            return self.log, self._positionals_of_extras()
        place = self._take_positionals(place)
        if self.whole and any(one is not None and one.required for one in self.left):
            raise Refused("a positional is required")
        return self.log, [*self.extras, *self.argv[place:]]

    def _classify(self) -> None:
        chars = self.reader.parser.fromfile_prefix_chars or ""
        kinds = []
        for place, text in enumerate(self.argv):
            if text and text[0] in chars:
                raise Refused(f"a file of arguments: {text}")
            if "-" in kinds:
                kinds.append("A")
            elif text == "--":
                kinds.append("-")
            else:
                matches = self.reader.matches(text)
                if matches is not None:
                    self.options[place] = matches
                kinds.append("A" if matches is None else "O")
        self.kinds = "".join(kinds)

    def _leave(self, start: int, end: int) -> None:
        self.extras += self.argv[start:end]
        self.extra_kinds += self.kinds[start:end]

    def _take_option(self, place: int) -> int:
        """Read the option at a place; where it ends."""
        matches = self.options[place]
        if len(matches) > 1:
            raise Refused(f"ambiguous option: {self.argv[place]}")
        argument, option, given, _ = self._joined_flags(matches[0])
        if argument is None:
            self._leave(place, place + 1)
            return place + 1
        pattern = _option_pattern(argument, self.rules)
        seen = "A" if given is not None else self.kinds[place + 1 :]
        match = re.match(pattern, seen)
        if match is None or (given is not None and len(match[1]) != 1):
            raise Refused(f"argument {option}: another number of values expected")
        end = place + 1
        texts = [given] if given is not None else []
        if given is None:
            end += len(match[1])
            texts = self.argv[place + 1 : end]
        if self.rules.strips_options:
            self._strip(texts, argument)
        self._note(argument, texts, option)
        return end

    def _joined_flags(self, match: _Match) -> _Match:
        """The last option of several in one token (``-xvf``); the flags are noted."""
        flags = []
        chars = self.reader.parser.prefix_chars
        argument, option, given, by = match
        while argument is not None and argument.nargs == 0 and given:
            if option[1] in chars:
                break
            if not self.rules.strips_options and (by or given[0] in chars):
                break
            flags.append((argument, option))
            option = option[0] + given[0]
            if option not in self.reader.options:
                raise Refused(f"ignored explicit argument {given}")
            argument, given, by = self.reader.options[option], given[1:] or None, ""
            if not self.rules.strips_options and given and given[0] == "=":
                given, by = given[1:], "="
        for flag, name in flags:
            self._note(flag, [], name)
        return _Match(argument, option, given, by)

    def _take_positionals(self, place: int) -> int:
        """Read as many positionals as there are values for from here; where it ends."""
        counts = self._counts(self.kinds[place:])
        for one, count in zip(self.left, counts, strict=False):
            end = place + count
            texts = self.argv[place:end]
            if self.waiting:
                pass
            elif one is None:
                self._command(texts, marked="-" in self.kinds[place : place + 1])
            else:
                marked = "-" in self.kinds[place:end]
                if self.rules.strips_any or marked:
                    self._strip(texts, one)
                if one.nargs == PARSER and self.rules.defers:
                    texts = texts[self.kinds[place] == "-" :]
                if texts:
                    self._note(one, texts, "")
            place = end
        self.left = self.left[len(counts) :]
        return place

    def _counts(self, kinds: str) -> list[int]:
        """How many arguments each of the first positionals takes."""
        for number in range(len(self.left), 0, -1):
            pattern = "".join(map(self._pattern, self.left[:number]))
            match = re.match(pattern, kinds)
            if match is None:
                continue
            counts = [len(group) for group in match.groups()]
            if self.rules.defers and kinds[match.end() : match.end() + 1] == "O":
                while counts and not counts[-1]:
                    counts.pop()
            return counts
        return []

    def _pattern(self, one: Argument | None) -> str:
        if self.waiting:
            return _FOR_POSITIONALS[_SUPPRESSED]
        nargs = PARSER if one is None else one.nargs
        if isinstance(nargs, int):
            return f"((?:-*A){{{nargs}}}-*)"
        return _FOR_POSITIONALS.get(nargs, _FOR_POSITIONALS[None])

    def _positionals_of_extras(self) -> list[str]:
        """Give the positionals what the options left; what is left over then."""
        kept = list(zip(self.extras, self.extra_kinds, strict=True))
        unknown = [text for text, kind in kept if kind == "O"]
        self.argv = [text for text, kind in kept if kind != "O"]
        self.kinds = "".join(kind for _, kind in kept if kind != "O")
        return [*unknown, *self.argv[self._take_positionals(0) :]]

    def _command(self, texts: list[str], *, marked: bool) -> None:
        if marked and self.rules.defers:
            texts.remove("--")
        name, *rest = texts
        reader = self.reader.below(name)
        self.log.append(Entry(self.reader.level, "", (name,)))
        inner = Pass(reader, rest, reader.positionals, whole=self.whole)
        log, extras = inner.read()
        self.log += log
        self.extras += extras
        self.extra_kinds += "O" * len(extras)

    def _strip(self, texts: list[str], argument: Argument) -> None:
        if argument.nargs not in _LAST and "--" in texts:
            texts.remove("--")

    def _note(self, argument: Argument, texts: list[str], option: str) -> None:
        off = option in off_strings(argument)
        entry = Entry(self.reader.level, argument.id, tuple(texts), off)
        self.log.append(entry)


def _option_pattern(argument: Argument, rules: Rules) -> str:
    nargs = argument.nargs
    if isinstance(nargs, int):
        return f"({'[AO]' if rules.pairs_take_options else 'A'}{{{nargs}}})"
    return _FOR_OPTIONS.get(nargs, _FOR_OPTIONS[None])
