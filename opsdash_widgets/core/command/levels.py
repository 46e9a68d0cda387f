"""The parsers that a form's values choose, each with the uses of its arguments."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..model import Argument, Command, FormValues, ParserSpec
from .check import check_text
from .defaults import is_default
from .shape import FLAGS, REMAINDER, Misfit, Occurrence, occurrences

COMMAND_FIELD = "command"
"""The field that stands for the choice of a subcommand in ``ValuesError.fields``."""

_OPTIONAL_POSITIONALS = ("?", "*", REMAINDER)


class Level(NamedTuple):
    """One parser of the chain from the module's own down to the last subcommand."""

    parser: ParserSpec
    options: list[Occurrence]
    positionals: list[Occurrence]
    command: str
    prefix: str
    """What stands before an id in the errors: ``"build "`` for a subcommand build."""


def levels_of(
    parser: ParserSpec,
    values: FormValues,
    fields: dict[str, str],
    *,
    keep_defaults: bool,
    prefix: str = "",
) -> list[Level]:
    """Every level of the chain, with what is wrong put into ``fields``."""
    given = _given(parser, values.values, prefix, fields, keep_defaults)
    _check_required(parser, given, prefix, fields)
    _check_exclusive(parser, given, prefix, fields)
    uses = [use for some in given.values() for use in some]
    command = _command(parser, values, prefix, fields)
    level = Level(
        parser,
        [use for use in uses if not use.argument.is_positional],
        [use for use in uses if use.argument.is_positional],
        values.command.name if command and values.command else "",
        prefix,
    )
    if command is None or values.command is None:
        return [level]
    rest = levels_of(
        command.parser,
        values.command,
        fields,
        keep_defaults=keep_defaults,
        prefix=f"{prefix}{command.name} ",
    )
    return [level, *rest]


def _given(
    parser: ParserSpec,
    values: dict[str, Any],
    prefix: str,
    fields: dict[str, str],
    keep_defaults: bool,
) -> dict[str, list[Occurrence]]:
    """Argument id -> its uses, in the parser's order, defaults left out."""
    known = {argument.id: argument for argument in parser.arguments}
    for identity in values:
        if identity not in known:
            fields[prefix + identity] = _unknown(identity, known)
    given = {}
    kept = set(values) if keep_defaults else _kept_defaults(parser)
    for argument in _ordered(parser, values):
        value = values.get(argument.id)
        if argument.id not in kept and is_default(argument, value):
            continue
        try:
            uses = list(_checked(argument, value))
        except Misfit as misfit:
            fields[prefix + argument.id] = str(misfit)
            continue
        if uses:
            given[argument.id] = uses
    return given


def _checked(argument: Argument, value: Any) -> Iterator[Occurrence]:
    """The uses that a value asks for; of a positional, those that are written."""
    for use in occurrences(argument, value):
        for text in use.texts:
            check_text(argument, text)
        if use.texts or not argument.is_positional:
            yield use
        elif argument.nargs == "*" and argument.default_repr not in ("None", "[]"):
            raise Misfit("It cannot be empty: left out, it has its default.")


def _ordered(parser: ParserSpec, values: dict[str, Any]) -> list[Argument]:
    """The arguments given, in the parser's order; those of one dest as they came."""
    given = [a for a in parser.arguments if values.get(a.id) is not None]
    came = {identity: place for place, identity in enumerate(values)}
    by_dest: dict[str, list[Argument]] = {}
    for argument in sorted(given, key=lambda a: came[a.id]):
        if not argument.is_positional:
            by_dest.setdefault(argument.dest, []).append(argument)
    return [a if a.is_positional else by_dest[a.dest].pop(0) for a in given]


def _kept_defaults(parser: ParserSpec) -> set[str]:
    """Arguments that must be written even where they have their default."""
    if any(a.variables for a in parser.arguments):
        # A variable or a file of settings stands above a default, below a value given.
        return {a.id for a in parser.arguments}
    kept = {a.id for a in parser.arguments if a.required}
    for group in parser.exclusive_groups:
        if group.required:
            kept.update(group.arguments)
    # What stands in a namespace before is the default of the first of a dest.
    dests: dict[str, list[str]] = {}
    for argument in parser.arguments:
        dests.setdefault(argument.dest, []).append(argument.id)
    kept.update(i for several in dests.values() if len(several) > 1 for i in several)
    return kept


def _check_required(
    parser: ParserSpec,
    given: dict[str, list[Occurrence]],
    prefix: str,
    fields: dict[str, str],
) -> None:
    for argument in parser.arguments:
        optional = argument.is_positional and argument.nargs in _OPTIONAL_POSITIONALS
        elsewhere = bool(argument.variables) or argument.elsewhere
        free = optional or elsewhere or argument.id in given
        if argument.required and not free:
            fields.setdefault(prefix + argument.id, "This is required: give a value.")


def _check_exclusive(
    parser: ParserSpec,
    given: dict[str, list[Occurrence]],
    prefix: str,
    fields: dict[str, str],
) -> None:
    for group in parser.exclusive_groups:
        used = [identity for identity in group.arguments if identity in given]
        for identity in used[1:]:
            fields[prefix + identity] = (
                f"`{used[0]}` and `{identity}` exclude each other: give one of them."
            )
        wrong = any(prefix + identity in fields for identity in group.arguments)
        if group.required and not used and not wrong:
            names = ", ".join(f"`{identity}`" for identity in group.arguments)
            fields[prefix + group.arguments[0]] = f"Give one of {names}."


def _command(
    parser: ParserSpec, values: FormValues, prefix: str, fields: dict[str, str]
) -> Command | None:
    commands = parser.commands.commands if parser.commands else ()
    names = ", ".join(command.name for command in commands)
    chosen = values.command
    if chosen is None or not chosen.name:
        asks_only = any(a.id in values.values for a in parser.arguments if _ends(a))
        if parser.commands is not None and parser.commands.required and not asks_only:
            fields[prefix + COMMAND_FIELD] = f"Choose a command: {names}."
        return None
    for command in commands:
        if chosen.name == command.name or chosen.name in command.aliases:
            return command
    told = f"choose one of {names}." if names else "this module has none."
    fields[prefix + COMMAND_FIELD] = f"There is no command `{chosen.name}`: {told}"
    return None


def _ends(argument: Argument) -> bool:
    return argument.action in FLAGS and argument.action in ("help", "version")


def _unknown(identity: str, known: dict[str, Argument]) -> str:
    near = difflib.get_close_matches(identity, known, 1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return f"There is no argument `{identity}`.{hint}"
