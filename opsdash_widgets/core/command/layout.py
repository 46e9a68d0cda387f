"""Lay out the uses of arguments as tokens, in the ways that argparse may need.

The rules, each measured against argparse:

* ``--opt=value`` takes any value, also one that begins with a dash.
* ``-p value`` takes what does not look like an option; ``-pvalue`` takes the rest.
* A list option eats every value that follows: an option or ``--`` ends it, but nothing
  but an option ends it before a subcommand.
* ``--`` before positionals lets them begin with a dash; REMAINDER keeps the ``--``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..model import Argument, ParserSpec
from .line import Token
from .replay import off_strings
from .shape import REMAINDER, Occurrence, is_single

_OPEN = ("*", "+", "?", REMAINDER)


def option_tokens(parser: ParserSpec, use: Occurrence) -> list[Token]:
    """The tokens of one use of an option."""
    option = option_string(use)
    if not use.texts:
        return [Token(option)]
    secret = use.argument.secret
    if len(use.texts) == 1 and use.argument.nargs != REMAINDER:
        return _single(parser, use.argument, option, use.texts[0])
    return [Token(option), *(Token(t, t if secret else "") for t in use.texts)]


def _single(
    parser: ParserSpec, argument: Argument, option: str, text: str
) -> list[Token]:
    secret = text if argument.secret else ""
    if len(option) > 2:
        return [Token(f"{option}={text}", secret)]
    file_chars = parser.fromfile_prefix_chars or ""
    looks_special = text[:1] in (*parser.prefix_chars, *file_chars)
    if text and (looks_special or not is_fixed(argument)):
        # `-p=x` is read as the value `x`: a value that begins with = needs another.
        between = "=" if text[0] == "=" else ""
        return [Token(option + between + text, secret)]
    return [Token(option), Token(text, secret)]


def is_fixed(argument: Argument) -> bool:
    """Whether one use takes a fixed number of values."""
    return argument.nargs is None or isinstance(argument.nargs, int)


def option_string(use: Occurrence) -> str:
    """The option string to write for a use."""
    argument = use.argument
    off = off_strings(argument)
    if use.negated:
        return next((o for o in off if o.startswith("--")), off[0])
    if argument.id in argument.option_strings and argument.id not in off:
        return argument.id
    return next(o for o in argument.option_strings if o not in off)


def stays_open(use: Occurrence) -> bool:
    """Whether the use would go on to eat the values that follow it."""
    if use.argument.nargs not in _OPEN:
        return False
    if use.argument.nargs == REMAINDER:
        return True
    if is_single(use.argument):
        return not use.texts
    return len(use.texts) != 1 or (len(option_string(use)) == 2 and not use.texts[0])


def orders(uses: Sequence[Occurrence]) -> Iterator[list[Occurrence]]:
    """The orders of options to try: as they stand, then those left open first."""
    rest = [use for use in uses if use.argument.nargs != REMAINDER]
    last = [use for use in uses if use.argument.nargs == REMAINDER]
    yield [*rest, *last]
    if any(stays_open(use) for use in rest):
        # Uses that share a dest stay in their order: it may be the order of a list.
        final = {use.argument.dest: use for use in rest}
        rest.sort(key=lambda use: not stays_open(final[use.argument.dest]))
        yield [*rest, *last]


def positional_tokens(uses: Sequence[Occurrence]) -> list[Token]:
    """The tokens of positionals, in order, without a ``--`` before them."""
    return [
        Token(text, text if use.argument.secret else "")
        for use in uses
        for text in use.texts
    ]


def may_end_options(uses: Sequence[Occurrence]) -> bool:
    """Whether ``--`` can stand before these positionals."""
    return bool(uses) and uses[0].argument.nargs != REMAINDER
