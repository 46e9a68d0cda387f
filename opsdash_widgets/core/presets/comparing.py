"""A preset and the form of its module: what the form was, and how it differs now."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import (
    Argument,
    FormValues,
    ModuleSpec,
    ParserSpec,
    Preset,
    PresetDrift,
    PresetField,
    values_by_path,
)

_NOT_FIELDS = ("help", "version", "parsers")
_SHOWN = 160
"""Characters of a type or a default that are kept for a comparison."""
_ADDRESS = " at 0x"
"""In the ``repr`` of an object without one of its own; differs in every process."""


def fields_of(spec: ModuleSpec, values: FormValues) -> tuple[PresetField, ...]:
    """The form's fields along the subcommands that are chosen in some values."""
    return tuple(
        _field(prefix, argument)
        for prefix, parser in chain(spec.parser, values)
        for argument in parser.arguments
        if argument.action not in _NOT_FIELDS
    )


def chain(
    parser: ParserSpec, values: FormValues | None
) -> Iterator[tuple[str, ParserSpec]]:
    """Each parser along the chosen subcommands, with what stands before its ids."""
    prefix = ""
    level: ParserSpec | None = parser
    while level is not None:
        yield prefix, level
        values = values.command if values is not None else None
        if values is None:
            return
        prefix = f"{prefix}{values.name} "
        level = command_parser(level, values.name)


def command_parser(parser: ParserSpec, name: str) -> ParserSpec | None:
    """The parser of a subcommand, by its name or an alias."""
    for command in parser.commands.commands if parser.commands else ():
        if name == command.name or name in command.aliases:
            return command.parser
    return None


def fitting(preset: Preset, spec: ModuleSpec) -> FormValues:
    """What of a preset's values the module's form of now has a place for."""
    return _fitting(preset.given, spec.parser)


def _fitting(values: FormValues, parser: ParserSpec) -> FormValues:
    known = {argument.id for argument in parser.arguments}
    inner = values.command
    below = command_parser(parser, inner.name) if inner is not None else None
    return FormValues(
        name=values.name,
        values={key: one for key, one in values.values.items() if key in known},
        command=_fitting(inner, below) if inner is not None and below else None,
    )


def compare(preset: Preset, spec: ModuleSpec) -> PresetDrift:
    """How the module's form differs from the one that a preset was saved for.

    A preset that was written by hand remembers no form: only what it gives is looked
    at then.
    """
    now = {field.path: field for field in fields_of(spec, preset.given)}
    before = {field.path: field for field in preset.fields}
    given = values_by_path(preset.given)
    lost = tuple(path for path in given if path not in now)
    if not before:
        return PresetDrift(lost=lost, missing=_missing(now, preset))
    return PresetDrift(
        went=tuple(path for path in before if path not in now),
        came=tuple(path for path in now if path not in before),
        changed={
            path: told
            for path, field in now.items()
            if path in before
            and (told := _difference(before[path], field, path in given))
        },
        lost=lost,
        missing=_missing(now, preset),
    )


def _missing(now: dict[str, PresetField], preset: Preset) -> tuple[str, ...]:
    given = {*values_by_path(preset.given), *preset.secrets}
    return tuple(p for p, field in now.items() if field.required and p not in given)


def _difference(before: PresetField, now: PresetField, given: bool) -> str:
    parts = []
    if before.takes != now.takes:
        parts.append(f"took {before.takes}, takes {now.takes}")
    if before.required != now.required:
        parts.append("is required now" if now.required else "is not required any more")
    # What the preset gives itself is the same whatever the default has become.
    if before.default != now.default and not given:
        parts.append(
            f"default was {before.default or 'none'}, is {now.default or 'none'}"
        )
    return "; ".join(parts)


def _field(prefix: str, argument: Argument) -> PresetField:
    return PresetField(
        path=f"{prefix}{argument.id}",
        takes=_takes(argument)[:_SHOWN],
        default=_default(argument)[:_SHOWN],
        required=argument.required,
    )


def _default(argument: Argument) -> str:
    told = argument.default_repr
    if argument.secret or told == "None" or _ADDRESS in told:
        return ""
    return told


def _takes(argument: Argument) -> str:
    if argument.action == "custom":
        kind = argument.action_classes[:1]
        words = f"{kind[0].rpartition('.')[2] if kind else 'custom'}"
    elif argument.action in ("store", "append", "extend"):
        words = argument.type_name or "text"
    else:
        return argument.action.replace("_", " ")
    if argument.choices is not None:
        words = f"one of {', '.join(choice.value for choice in argument.choices)}"
    if argument.nargs is not None:
        words += f", nargs {argument.nargs}"
    if argument.action in ("append", "extend"):
        words += ", repeated"
    return words
