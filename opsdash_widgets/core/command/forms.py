"""The ways to write one use of an option, the plainest first.

* ``--opt=value`` takes any value, also one that begins with a dash.
* ``-p value`` takes what does not look like an option; ``-pvalue`` takes the rest, and
  ``-p=value`` what ``-pvalue`` would make another option's.
* A list option takes every value that follows: where it has one value only, that is
  joined to it, so that it ends there.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..model import ParserSpec
from .defaults import is_built_in
from .line import Token
from .shape import REMAINDER, Occurrence, is_single, off_strings

_OPEN = ("*", "+", "?", REMAINDER)
_BY_ANY_NAME = ("store", "store_true", "store_false", "store_const", "extend")
_ALSO_BY_ANY_NAME = ("append", "append_const", "count")


def forms(parser: ParserSpec, use: Occurrence) -> Iterator[list[Token]]:
    """Every way to write a use of an option."""
    for option in option_strings(use):
        if not use.texts:
            yield [Token(option)]
        elif len(use.texts) == 1:
            yield from _single(parser, use, option)
        else:
            yield [Token(option), *positional_tokens(use)]


def option_strings(use: Occurrence) -> list[str]:
    """The option strings that a use may be written with, its id first."""
    argument = use.argument
    off = off_strings(argument)
    if use.negated:
        return sorted(off, key=lambda option: not option.startswith("--"))
    usable = [option for option in argument.option_strings if option not in off]
    usable.sort(key=lambda option: option != argument.id)
    # An action of the module's own may look at the option string.
    known = is_built_in(argument, *_BY_ANY_NAME) or argument.action in _ALSO_BY_ANY_NAME
    return usable if known else usable[:1]


def positional_tokens(use: Occurrence) -> list[Token]:
    """The values of a use, each an argument of its own."""
    secret = use.argument.secret
    return [Token(text, text if secret else "") for text in use.texts]


def stays_open(use: Occurrence) -> bool:
    """Whether a use of an option would go on to take the values that follow it."""
    if use.argument.nargs not in _OPEN:
        return False
    if use.argument.nargs == REMAINDER:
        return True
    if is_single(use.argument):
        return not use.texts
    return len(use.texts) != 1


def _single(parser: ParserSpec, use: Occurrence, option: str) -> Iterator[list[Token]]:
    text = use.texts[0]
    secret = text if use.argument.secret else ""
    joined = [Token(f"{option}={text}", secret)]
    apart = [Token(option), Token(text, secret)]
    if len(option) > 2:
        yield joined
        yield apart
        return
    special = (*parser.prefix_chars, *(parser.fromfile_prefix_chars or ""))
    close = [Token(option + text, secret)]
    closing = text and (text[:1] in special or use.argument.nargs in _OPEN)
    if text[:1] == "=":
        is_open = use.argument.nargs in _OPEN
        yield from (joined, apart) if is_open else (apart, joined)
    elif closing:
        yield from (close, joined, apart)
    else:
        yield from (apart, close, joined) if text else (apart, joined)
