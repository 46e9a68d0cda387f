"""Build the argv of a form's values: check, lay out, read back."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from ..errors import ValuesError
from ..model import FormValues, Kind, ModuleSpec
from . import click_line
from .blame import blame
from .forms import positional_tokens
from .levels import COMMAND_FIELD, Level, levels_of
from .line import CommandLine, Token, command_line, free_tokens
from .noticed import with_noticed
from .rules import Rules, rules_of
from .search import Line, Search, find

__all__ = ["COMMAND_FIELD", "build"]

_LINES_FOR_EXTRA = 8
_FOR_BLAME = 120


def build(
    spec: ModuleSpec, values: FormValues, extra_args: Sequence[str] = ()
) -> CommandLine:
    """The command line of a form's values.

    Args:
        spec: the module's spec.
        values: what the form holds.
        extra_args: further arguments as they are; they stand before the positionals
            where they begin with an option, else at the end.

    Raises:
        ValuesError: fields are wrong. Its keys are ids, with the subcommand's name and
            a space before those of a subcommand.
    """
    fields: dict[str, str] = {}
    # To click a default is not the same as a value given: a variable or a file of
    # settings stands above the one and below the other.
    is_click = spec.kind in (Kind.CLICK, Kind.TYPER)
    levels = levels_of(spec.parser, values, fields, keep_defaults=is_click)
    if fields:
        raise _error(fields)
    extra = free_tokens(extra_args)
    if spec.kind is Kind.PLAIN:
        return command_line([*_plain_tokens(levels[0]), *extra])
    if is_click:
        return command_line(click_line.lay_out(levels, extra))
    own = rules_of(spec.python, intermixed=spec.parser.intermixed)
    if not any(rules.defers for rules in own):
        levels = with_noticed(levels, fields)
    if fields:
        raise _error(fields)
    return command_line(_laid_out(levels, own, extra))


def _laid_out(
    levels: list[Level], own: Sequence[Rules], extra: list[Token]
) -> list[Token]:
    """The plainest line that every argparse, or else the module's, reads right."""
    lines = itertools.islice(find(levels, own), _LINES_FOR_EXTRA if extra else 1)
    found = list(lines)
    if found:
        return _with_extra(levels, next(filter(_has_end, found), found[0]), extra)
    search = Search(levels, own)
    raise _error(blame(levels, search, lambda less: _is_sayable(less, own)))


def _has_end(line: Line) -> bool:
    """Whether an option put in could not take the positionals behind it."""
    return [token.text for token in line.tokens[line.room :]][:1] in ([], ["--"])


def _is_sayable(levels: Sequence[Level], own: Sequence[Rules]) -> bool:
    return next(Search(levels, own, _FOR_BLAME).lines(), None) is not None


def _with_extra(levels: Sequence[Level], line: Line, extra: list[Token]) -> list[Token]:
    """The line with further arguments, where they belong."""
    chars = tuple(levels[-1].parser.prefix_chars)
    if extra and extra[0].text[:1] in chars:
        return [*line.tokens[: line.room], *extra, *line.tokens[line.room :]]
    return [*line.tokens, *extra]


def _plain_tokens(level: Level) -> list[Token]:
    """The tokens of a module without a parser: in order, none left out before one."""
    missing = ""
    given = {use.argument.id: use for use in level.positionals}
    for argument in level.parser.arguments:
        if argument.id not in given:
            missing = missing or argument.id
        elif missing:
            raise _error({missing: f"Give it too: `{argument.id}` stands behind it."})
    return [token for use in level.positionals for token in positional_tokens(use)]


def _error(fields: dict[str, str]) -> ValuesError:
    if len(fields) == 1:
        name, sentence = next(iter(fields.items()))
        return ValuesError(f"{name}: {sentence}" if name else sentence, fields)
    names = ", ".join(name for name in fields if name)
    return ValuesError(f"{len(fields)} values are wrong: {names}.", fields)
