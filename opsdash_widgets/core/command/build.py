"""Build the argv of a form's values: check, lay out, read back."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..errors import ValuesError
from ..model import (
    Argument,
    Command,
    FormValues,
    Kind,
    ModuleSpec,
    ParserSpec,
)
from . import click_line, layout
from .check import check_text, is_default
from .line import CommandLine, Token, command_line
from .replay import Entry, Refused, replay
from .shape import FLAGS, Misfit, Occurrence, occurrences

COMMAND_FIELD = "command"
"""The field that stands for the choice of a subcommand in ``ValuesError.fields``."""

_OPTIONAL_POSITIONALS = ("?", "*", "...")
_INEXPRESSIBLE = (
    "This value cannot be given to this module on a command line together with the "
    "others."
)


class _Level(NamedTuple):
    """One parser of the chain from the module's own down to the last subcommand."""

    parser: ParserSpec
    options: list[Occurrence]
    positionals: list[Occurrence]
    command: str
    prefix: str
    """What stands before an id in the errors: ``"build "`` for a subcommand build."""


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
    levels = _levels(spec.parser, values, "", fields, keep_defaults=is_click)
    if fields:
        raise _error(fields)
    extra = [Token(text) for text in extra_args]
    if spec.kind is Kind.PLAIN:
        return command_line([*_plain_tokens(levels[0]), *extra])
    if is_click:
        return command_line(click_line.lay_out(levels, extra))
    return command_line(_verified(spec.parser, levels, extra))


def _levels(
    parser: ParserSpec,
    values: FormValues,
    prefix: str,
    fields: dict[str, str],
    keep_defaults: bool,
) -> list[_Level]:
    """Every level of the chain, with what is wrong put into ``fields``."""
    given = _given(parser, values.values, prefix, fields, keep_defaults)
    _check_required(parser, given, prefix, fields)
    _check_exclusive(parser, given, prefix, fields)
    uses = [use for some in given.values() for use in some]
    command = _command(parser, values, prefix, fields)
    level = _Level(
        parser,
        [use for use in uses if not use.argument.is_positional],
        [use for use in uses if use.argument.is_positional],
        values.command.name if command and values.command else "",
        prefix,
    )
    if command is None or values.command is None:
        return [level]
    below = f"{prefix}{command.name} "
    rest = _levels(command.parser, values.command, below, fields, keep_defaults)
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
    kept = set(values) if keep_defaults else _kept_defaults(parser, values)
    for argument in _ordered(parser, values):
        value = values.get(argument.id)
        if is_default(argument, value) and argument.id not in kept:
            continue
        try:
            uses = occurrences(argument, value)
            for use in uses:
                _check_use(parser, use)
        except Misfit as misfit:
            fields[prefix + argument.id] = str(misfit)
            continue
        if uses:
            given[argument.id] = uses
    return given


def _ordered(parser: ParserSpec, values: dict[str, Any]) -> list[Argument]:
    """The arguments given, in the parser's order; those of one dest as they came."""
    given = [a for a in parser.arguments if values.get(a.id) is not None]
    came = {identity: place for place, identity in enumerate(values)}
    by_dest: dict[str, list[Argument]] = {}
    for argument in sorted(given, key=lambda a: came[a.id]):
        if not argument.is_positional:
            by_dest.setdefault(argument.dest, []).append(argument)
    return [a if a.is_positional else by_dest[a.dest].pop(0) for a in given]


def _kept_defaults(parser: ParserSpec, values: dict[str, Any]) -> set[str]:
    """Arguments that must be written even where they have their default."""
    kept = {a.id for a in parser.arguments if a.required}
    for group in parser.exclusive_groups:
        if group.required:
            kept.update(group.arguments)
    dests: dict[str, list[str]] = {}
    for argument in parser.arguments:
        if values.get(argument.id) is not None:
            dests.setdefault(argument.dest, []).append(argument.id)
    for several in dests.values():
        if len(several) > 1:
            kept.update(several)
    return kept


def _check_use(parser: ParserSpec, use: Occurrence) -> None:
    argument = use.argument
    alone = argument.is_positional or len(use.texts) > 1
    for text in use.texts:
        check_text(argument, text)
        if alone and text[:1] in (parser.fromfile_prefix_chars or ()) and text:
            raise Misfit(
                f"`{text}` begins with {text[0]}, which this module takes for the "
                "name of a file of arguments."
            )


def _check_required(
    parser: ParserSpec,
    given: dict[str, list[Occurrence]],
    prefix: str,
    fields: dict[str, str],
) -> None:
    for argument in parser.arguments:
        optional = argument.is_positional and argument.nargs in _OPTIONAL_POSITIONALS
        elsewhere = bool(argument.variables) or argument.id in given
        if argument.required and not optional and not elsewhere:
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


class _Plan(NamedTuple):
    """One way to lay out a chain of levels."""

    options: tuple[list[Occurrence], ...]
    ended: tuple[bool, ...]
    """Whether ``--`` stands before the positionals of each level."""


def _verified(
    parser: ParserSpec, levels: list[_Level], extra: list[Token]
) -> list[Token]:
    """The first layout that argparse reads back as what was meant."""
    commands = [level.command for level in levels if level.command]
    reason = ""
    for attempt in (levels, *_repaired(levels)):
        for plan in _plans(attempt):
            tokens = _tokens(attempt, plan, [])
            try:
                read = replay(parser, commands, [token.text for token in tokens])
            except Refused as refused:
                reason = reason or str(refused)
                continue
            if read == _meant(attempt, plan):
                return _tokens(attempt, plan, extra) if extra else tokens
    raise _error(_blame(levels, reason))


def _plans(levels: list[_Level]) -> Iterator[_Plan]:
    """The layouts to try, the plainest first."""
    choices = [list(layout.orders(level.options)) for level in levels]
    ended = [
        layout.may_end_options(level.positionals) and not level.command
        for level in levels
    ]
    other = [layout.may_end_options(level.positionals) for level in levels]
    for way in (ended, other):
        yield _Plan(tuple(some[0] for some in choices), tuple(way))
        yield _Plan(tuple(some[-1] for some in choices), tuple(way))


def _repaired(levels: list[_Level]) -> Iterator[list[_Level]]:
    """The same with defaults written out, where that parts what would run together."""
    filled = [level._replace(positionals=_filled(level)) for level in levels]
    if filled != levels:
        yield filled
    parted = [_parted(level) if level.command else level for level in levels]
    if parted != levels:
        yield parted


def _filled(level: _Level) -> list[Occurrence]:
    """The positionals with the defaults of those left out before the last one given."""
    given = {use.argument.id: use for use in level.positionals}
    uses: list[Occurrence] = []
    waiting: list[Occurrence] = []
    for argument in level.parser.arguments:
        if not argument.is_positional:
            continue
        if argument.id in given:
            uses.extend([*waiting, given[argument.id]])
            waiting = []
        elif argument.nargs == "?" and isinstance(argument.default, str | int | float):
            waiting.append(Occurrence(argument, (str(argument.default),)))
    return uses


def _parted(level: _Level) -> _Level:
    """The level with an option at its default between a list and the subcommand."""
    given = {use.argument.id for use in level.options}
    closed = {i for group in level.parser.exclusive_groups for i in group.arguments}
    dests = {use.argument.dest for use in level.options}
    for argument in level.parser.arguments:
        default = argument.default
        plain = argument.action == "store" and argument.nargs is None
        free = argument.id not in given | closed and argument.dest not in dests
        sayable = isinstance(default, str | int | float) and argument.type_known
        if plain and free and sayable and not argument.is_positional:
            use = Occurrence(argument, (str(default),))
            return level._replace(options=[*level.options, use])
    return level


def _tokens(levels: list[_Level], plan: _Plan, extra: list[Token]) -> list[Token]:
    tokens: list[Token] = []
    after: list[Token] = []
    for place, level in enumerate(levels):
        last = place + 1 == len(levels)
        for use in plan.options[place]:
            tokens.extend(layout.option_tokens(level.parser, use))
        if last and extra and extra[0].text[:1] in tuple(level.parser.prefix_chars):
            tokens.extend(extra)
            extra = []
        before, behind = _around_command(level)
        positionals = layout.positional_tokens(before)
        if positionals and plan.ended[place]:
            tokens.append(Token("--"))
        tokens.extend(positionals)
        if level.command:
            tokens.append(Token(level.command))
        after = [*layout.positional_tokens(behind), *after]
    return [*tokens, *after, *extra]


def _around_command(level: _Level) -> tuple[list[Occurrence], list[Occurrence]]:
    """The positionals before the subcommand and behind it."""
    if not level.command or level.parser.commands is None:
        return level.positionals, []
    ids = [a.id for a in level.parser.arguments if a.is_positional]
    first = set(ids[: level.parser.commands.position])
    before = [use for use in level.positionals if use.argument.id in first]
    behind = [use for use in level.positionals if use.argument.id not in first]
    return before, behind


def _meant(levels: list[_Level], plan: _Plan) -> list[Entry]:
    """What argparse should read, in its order."""
    entries: list[Entry] = []
    after: list[Entry] = []
    for place, level in enumerate(levels):
        entries.extend(_entry(place, use) for use in plan.options[place])
        before, behind = _around_command(level)
        entries.extend(_entry(place, use) for use in before if use.texts)
        after = [*(_entry(place, use) for use in behind if use.texts), *after]
    return [*entries, *after]


def _entry(place: int, use: Occurrence) -> Entry:
    return Entry(place, use.argument.id, use.texts, use.negated)


def _plain_tokens(level: _Level) -> list[Token]:
    """The tokens of a module without a parser: in order, none left out before one."""
    missing = ""
    given = {use.argument.id: use for use in level.positionals}
    for argument in level.parser.arguments:
        if argument.id not in given:
            missing = missing or argument.id
        elif missing:
            raise _error({missing: f"Give it too: `{argument.id}` stands behind it."})
    return layout.positional_tokens(level.positionals)


def _blame(levels: list[_Level], reason: str) -> dict[str, str]:
    """The field to blame for values that no layout could say."""
    for level in levels:
        for use in (*level.options, *level.positionals):
            for text in use.texts:
                if len(use.texts) > 1 and text[:1] in tuple(level.parser.prefix_chars):
                    name = level.prefix + use.argument.id
                    return {
                        name: f"`{text}` begins with a dash: among several values the "
                        "module would take it for an option."
                    }
    fields = {}
    for level in levels:
        for use in level.positionals or level.options:
            unsure = use.argument.nargs in ("*", "+", "?", "...")
            if unsure or len(level.positionals) == 1:
                fields[level.prefix + use.argument.id] = _INEXPRESSIBLE
    return fields or {"": f"{_INEXPRESSIBLE} {reason}".strip()}


def _error(fields: dict[str, str]) -> ValuesError:
    if len(fields) == 1:
        name, sentence = next(iter(fields.items()))
        return ValuesError(f"{name}: {sentence}" if name else sentence, fields)
    names = ", ".join(name for name in fields if name)
    return ValuesError(f"{len(fields)} values are wrong: {names}.", fields)
