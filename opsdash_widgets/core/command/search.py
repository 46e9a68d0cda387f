"""Find the plainest command line that reads as what was meant.

From the innermost subcommand outwards: a line of a level is its own uses in some order,
the subcommand's name, and a line of the level below. Each is read by the model of
argparse (``reading.py``) under every rule that shall hold.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .arrange import Arrangement, arrangements, positionals_around
from .forms import forms, positional_tokens
from .levels import Level
from .line import Token
from .reading import Entry, Reader, Refused
from .rules import ALL, INTERMIXED, Rules
from .shape import REMAINDER, Occurrence

_MOST_ORDERS = 400
_MOST_LINES_SEEN = 80
_MOST_ALIKE = 4
_MOST_READINGS = 2_500
_FEW_READINGS = 40
_SOME_READINGS = 600
_VARIED_ORDERS = 6
_WAYS = 4
_MOST_WAYS = 200
_END = Token("--")


class Line(NamedTuple):
    """A line of one level and those below.

    Attributes:
        tokens: its arguments.
        meant: what they shall be read as.
        room: where further options may be put in, at the innermost level.
    """

    tokens: list[Token]
    meant: list[Entry]
    room: int


class Search:
    """The lines of a chain of levels that read as they are meant.

    Attributes:
        levels: the chain, outermost first.
        rules: what every line must be read alike under.
    """

    def __init__(
        self,
        levels: Sequence[Level],
        rules: Sequence[Rules],
        most: int = _MOST_READINGS,
    ) -> None:
        self.levels = levels
        self.rules = rules
        self._readers = [_readers(levels, one) for one in rules]
        self._left = most
        self._forms: dict[tuple[int, int, tuple[str, ...], bool], list[_Form]] = {}
        self._orders: dict[int, list[Arrangement]] = {}

    def lines(self, place: int = 0) -> Iterator[Line]:
        """The lines of a level and those below, the plainest first."""
        below: Iterator[Line] = iter([Line([], [], 0)])
        if place + 1 < len(self.levels):
            below = _different(self.lines(place + 1))
        for inner in below:
            for own in self._own(place):
                line = self._joined(place, own, inner)
                if self.reads(place, line.tokens, line.meant):
                    yield line
                if self._left <= 0:
                    return

    def forms(self, place: int, use: Occurrence) -> list[_Form]:
        """The ways to write a use that read right by themselves; options only."""
        key = (place, id(use.argument), use.texts, use.negated)
        if key not in self._forms:
            meant = [_entry(place, use)]
            self._forms[key] = [
                tokens
                for tokens in forms(self.levels[place].parser, use)
                if self.reads(place, tokens, meant, whole=False)
            ]
        return self._forms[key]

    def reads(
        self,
        place: int,
        tokens: Sequence[Token],
        meant: Sequence[Entry],
        *,
        whole: bool = True,
    ) -> bool:
        """Whether arguments read as what is meant, from a level on."""
        self._left -= 1
        argv = [token.text for token in tokens]
        wanted = sorted(meant, key=_of_one_argument)
        for readers in self._readers:
            try:
                read = readers[place].read(argv, whole=whole)
            except Refused:
                return False
            if sorted(read, key=_of_one_argument) != wanted:
                return False
        return True

    def _own(self, place: int) -> Iterator[tuple[Arrangement, list[_Form]]]:
        """A level's own uses, in every order and form to try."""
        before, _ = positionals_around(self.levels[place])
        plainest = Arrangement((*self.levels[place].options, *before))
        yield plainest, [self._plainest(place, use) for use in plainest.uses]
        if place not in self._orders:
            level = self.levels[place]._replace(positionals=before)
            every = arrangements(level, lambda use: bool(self.forms(place, use)))
            self._orders[place] = list(itertools.islice(every, _MOST_ORDERS))
            if self.rules[0].intermixed:
                marked = [one for one in self._orders[place] if one.end is not None]
                self._orders[place] += [one._replace(ends=2) for one in marked]
        for order in self._orders[place]:
            written = [self._ways(place, use) for use in order.uses]
            if all(written):
                yield order, [ways[0] for ways in written]
        few = self._orders[place][:_VARIED_ORDERS]
        for vary, orders in ((_one_other, self._orders[place]), (_several_others, few)):
            for order in orders:
                written = [self._ways(place, use) for use in order.uses]
                if all(written):
                    yield from ((order, some) for some in vary(written))

    def _plainest(self, place: int, use: Occurrence) -> _Form:
        if use.argument.is_positional:
            return self._ways(place, use)[0]
        return next(forms(self.levels[place].parser, use))

    def _ways(self, place: int, use: Occurrence) -> list[_Form]:
        if not use.argument.is_positional:
            return self.forms(place, use)
        tokens = [_END] if _is_skipped(use) else positional_tokens(use)
        ways = [tokens]
        chars = tuple(self.levels[place].parser.prefix_chars)
        special = [i for i, t in enumerate(use.texts) if t[:1] in chars and i]
        if use.argument.nargs != REMAINDER:
            ways += [[*tokens[:i], _END, *tokens[i:]] for i in special[:_WAYS]]
        if "--" in use.texts and use.argument.nargs in ("*", "+"):
            ways.append([_END, *tokens])  # of two, an old argparse drops one
        return ways

    def _joined(
        self, place: int, own: tuple[Arrangement, list[_Form]], inner: Line
    ) -> Line:
        """A line of the level's own uses and a line of the level below."""
        (uses, end, ends), written = own
        level = self.levels[place]
        tokens: list[Token] = []
        meant = [_entry(place, use) for use in uses if not _is_skipped(use)]
        room = 0
        for index, (use, some) in enumerate(zip(uses, written, strict=True)):
            if index == end:
                tokens += [_END] * ends
            tokens += some
            if not use.argument.is_positional:
                room = len(tokens)
        if end == len(uses):
            tokens.append(_END)
        if not level.command:
            return Line(tokens, meant, room)
        _, behind = positionals_around(level)
        room = len(tokens) + 1 + inner.room
        tokens += [Token(level.command), *inner.tokens]
        tokens += [token for use in behind for token in positional_tokens(use)]
        meant += [Entry(place, "", (level.command,)), *inner.meant]
        meant += [_entry(place, use) for use in behind]
        return Line(tokens, meant, room)


_Form = list[Token]


def find(levels: Sequence[Level], own: Sequence[Rules]) -> Iterator[Line]:
    """The best lines: those that every argparse reads right, else the module's own.

    Args:
        levels: the chain of parsers.
        own: the rules of the argparse that will read the line.
    """
    demanding: list[Sequence[Rules]] = [INTERMIXED if own[0].intermixed else ALL]
    if _may_be_intermixed(levels[0]):
        demanding.insert(0, [*ALL, *INTERMIXED])
    found = False
    for rules in demanding:
        for line in Search(levels, rules, _FEW_READINGS).lines():
            found = True
            yield line
    fallback = None if found else next(Search(levels, own).lines(), None)
    if fallback is None:
        return
    for rules in demanding:
        yield from Search(levels, rules, _SOME_READINGS).lines()
    yield fallback


def _may_be_intermixed(level: Level) -> bool:
    return level.parser.commands is None and not any(
        one.is_positional and one.nargs in (REMAINDER, "A...")
        for one in level.parser.arguments
    )


def _readers(levels: Sequence[Level], rules: Rules) -> list[Reader]:
    """The reader of each level; those below read as part of the line above."""
    plain = rules._replace(intermixed=False)
    return [
        Reader(level.parser, plain if place else rules, place)
        for place, level in enumerate(levels)
    ]


def _different(lines: Iterator[Line]) -> Iterator[Line]:
    """Some lines, not too many that begin alike: the level above looks at that."""
    begun: Counter[str] = Counter()
    for line in itertools.islice(lines, _MOST_LINES_SEEN):
        first = line.tokens[0].text if line.tokens else ""
        begun[first] += 1
        if begun[first] <= _MOST_ALIKE:
            yield line


def _one_other(written: list[list[_Form]]) -> Iterator[list[_Form]]:
    """The ways to write one of the uses otherwise."""
    first = [ways[0] for ways in written]
    for place, ways in enumerate(written):
        for way in ways[1:]:
            yield [*first[:place], way, *first[place + 1 :]]


def _several_others(written: list[list[_Form]]) -> Iterator[list[_Form]]:
    """The ways to write several of the uses otherwise, as far as they are few."""
    several = itertools.product(*(ways[:_WAYS] for ways in written))
    yield from (list(some) for some in itertools.islice(several, 1, _MOST_WAYS))


def _is_skipped(use: Occurrence) -> bool:
    return use.argument.is_positional and not use.texts


def _entry(place: int, use: Occurrence) -> Entry:
    return Entry(place, use.argument.id, use.texts, use.negated)


def _of_one_argument(entry: Entry) -> tuple[int, str]:
    return entry.level, entry.id
