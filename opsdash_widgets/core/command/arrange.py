"""The orders in which the uses of one level may stand, the plainest first.

Nothing here asks whether argparse reads them so: ``search.py`` does. What is kept is
what a namespace may depend on: the order of options that share a dest.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ..model import Argument, ParserSpec
from .defaults import default_text, is_built_in
from .forms import stays_open
from .levels import Level
from .shape import REMAINDER, Occurrence

_SPREADS = 60
_FILLERS = 4
_FLAGS = ("store_true", "store_false", "store_const", "boolean_optional")


class Arrangement(NamedTuple):
    """Uses in order.

    Attributes:
        uses: the options and the positionals (those before the subcommand).
        end: before which of them ``--`` stands; None where it does not.
        ends: how many of them; of two, intermixed reading takes one away.
    """

    uses: tuple[Occurrence, ...]
    end: int | None = None
    ends: int = 1


def arrangements(
    level: Level, is_writable: Callable[[Occurrence], bool]
) -> Iterator[Arrangement]:
    """The orders to try.

    Args:
        level: the level, with the positionals before its subcommand.
        is_writable: whether a use can be written at all.
    """
    seen = set()
    for one in _all_arrangements(level, is_writable):
        key = (one.end, *((id(u.argument), u.texts) for u in one.uses))
        if key not in seen:
            seen.add(key)
            yield one


def _all_arrangements(
    level: Level, is_writable: Callable[[Occurrence], bool]
) -> Iterator[Arrangement]:
    variants = [
        (options, positionals)
        for options, positionals in _variants(level)
        if all(map(is_writable, options))
    ]
    for options, positionals in variants:
        for order in _orders(options):
            yield from _placements(order, positionals)
    fillers = [use for use in _fillers(level) if is_writable(use)]
    for options, positionals in variants:
        for order in _orders(options):
            for filler in fillers:
                yield from _placements([*order, filler], positionals)
    for options, positionals in variants:
        for order in _rotations(options):
            yield from _placements(order, positionals)
    for options, positionals in variants:
        if options and positionals:
            spread = _spread(tuple(options), tuple(positionals))
            yield from itertools.islice(spread, _SPREADS)


def _variants(level: Level) -> Iterator[tuple[list[Occurrence], list[Occurrence]]]:
    """What the level's uses may be written as, with the same meaning."""
    filled = _filled(level)
    yield level.options, level.positionals
    if filled != level.positionals:
        yield level.options, filled
    split = list(_split(level.options))
    if split != level.options:
        yield split, level.positionals
        yield split, filled


def _split(uses: Sequence[Occurrence]) -> Iterator[Occurrence]:
    """Uses that extend a list, value by value; an empty one only where no other is."""
    extended = {use.argument.id for use in uses if use.texts}
    for use in uses:
        extends = is_built_in(use.argument, "extend")
        if not extends or use.argument.nargs not in ("+", "*", REMAINDER):
            yield use
        elif use.texts:
            yield from (use._replace(texts=(text,)) for text in use.texts)
        elif use.argument.id not in extended:
            extended.add(use.argument.id)
            yield use


def _filled(level: Level) -> list[Occurrence]:
    """The positionals with the defaults of those left out before what is given.

    Where a default cannot be written, no text stands for a ``--``: an old argparse
    drops it, and leaves the positional at its default.
    """
    given = {use.argument.id: use for use in level.positionals if use.texts}
    before = len(level.parser.arguments)
    if level.command and level.parser.commands is not None:
        before = level.parser.commands.position
    uses: list[Occurrence] = []
    waiting: list[Occurrence] = []
    for argument in [a for a in level.parser.arguments if a.is_positional][:before]:
        if argument.id in given:
            uses.extend([*waiting, given[argument.id]])
            waiting = []
        elif argument.nargs == "?":
            text = default_text(argument)
            waiting.append(Occurrence(argument, () if text is None else (text,)))
    return [*uses, *waiting] if level.command else uses


def _fillers(level: Level) -> list[Occurrence]:
    """Uses of options that change nothing, to stand between what would run together."""
    groups = {i for one in level.parser.exclusive_groups for i in one.arguments}
    dests = [argument.dest for argument in level.parser.arguments]
    given = {use.argument.id for use in level.options}
    found = [use for use in level.options if _repeatable(use)]
    for argument in level.parser.arguments:
        if argument.is_positional or argument.id in given | groups:
            continue
        use = at_default(argument)
        if use is not None:
            found.append(use)
    found = [use for use in found if dests.count(use.argument.dest) == 1]
    return sorted(found, key=_strangeness)[:_FILLERS]


def _repeatable(use: Occurrence) -> bool:
    """Whether giving an option twice is the same as giving it once."""
    if is_built_in(use.argument, *_FLAGS):
        return True
    plain = is_built_in(use.argument, "store") and use.argument.type_known
    return plain and not stays_open(use) and not use.argument.path


def at_default(argument: Argument) -> Occurrence | None:
    """A use of an option that leaves it at its default."""
    if argument.required or argument.secret:
        return None
    if is_built_in(argument, "store_true", "store_false", "store_const"):
        same = argument.const_repr == argument.default_repr
        simple = isinstance(argument.default, bool | int | str | None)
        return Occurrence(argument) if same and simple else None
    if is_built_in(argument, "boolean_optional"):
        known = isinstance(argument.default, bool)
        return Occurrence(argument, negated=not argument.default) if known else None
    text = default_text(argument) if argument.nargs in (None, "?") else None
    return None if text is None else Occurrence(argument, (text,))


def _strangeness(use: Occurrence) -> int:
    argument = use.argument
    return 4 * argument.deprecated + 2 * (not argument.type_known) + argument.hidden


def _orders(options: Sequence[Occurrence]) -> Iterator[list[Occurrence]]:
    """The options as they stand, then those left open first."""
    yield list(options)
    if any(stays_open(use) for use in options):
        # Uses that share a dest stay in their order: it may be the order of a list.
        final = {use.argument.dest: use for use in options}
        yield sorted(options, key=lambda use: _lateness(final[use.argument.dest]))


def _rotations(options: Sequence[Occurrence]) -> Iterator[list[Occurrence]]:
    """The options with those of one dest first, and with those of one dest last."""
    for dest in dict.fromkeys(use.argument.dest for use in options):
        own = [use for use in options if use.argument.dest == dest]
        rest = [use for use in options if use.argument.dest != dest]
        yield [*own, *rest]
        yield [*rest, *own]


def _lateness(use: Occurrence) -> int:
    """Where a use stands best: left open early, with an end of its own later."""
    if not stays_open(use):
        return 1
    return 2 if use.argument.nargs == REMAINDER else 0


def _placements(
    options: Sequence[Occurrence], positionals: Sequence[Occurrence]
) -> Iterator[Arrangement]:
    """The positionals behind the options, before them, on both sides, among them."""
    before, after = tuple(options), tuple(positionals)
    yield Arrangement((*before, *after))
    yield Arrangement((*before, *after), len(before))
    if before and after:
        yield Arrangement((*after, *before))
        yield Arrangement((*after, *before), len(after) + len(before))
    for cut in range(1, len(after)):
        yield Arrangement((*before, *after), len(before) + cut)
        if before:
            uses = (*after[:cut], *before, *after[cut:])
            yield Arrangement(uses)
            yield Arrangement(uses, cut + len(before))


def _spread(
    options: tuple[Occurrence, ...], positionals: tuple[Occurrence, ...]
) -> Iterator[Arrangement]:
    """Every way to stand the options, in order, between the positionals."""
    gaps = range(len(positionals) + 1)
    for places in itertools.combinations_with_replacement(gaps, len(options)):
        uses: list[Occurrence] = []
        for gap in gaps:
            uses += [o for o, at in zip(options, places, strict=True) if at == gap]
            uses += positionals[gap : gap + 1]
        yield Arrangement(tuple(uses))
        yield Arrangement(tuple(uses), places[-1] + len(options))


def positionals_around(level: Level) -> tuple[list[Occurrence], list[Occurrence]]:
    """The positionals before the subcommand and behind it."""
    if not level.command or level.parser.commands is None:
        return level.positionals, []
    first = _first_positionals(level.parser, level.parser.commands.position)
    before = [use for use in level.positionals if use.argument.id in first]
    behind = [use for use in level.positionals if use.argument.id not in first]
    return before, behind


def _first_positionals(parser: ParserSpec, number: int) -> set[str]:
    return {a.id for a in [a for a in parser.arguments if a.is_positional][:number]}
