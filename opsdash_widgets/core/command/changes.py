"""What two specs of one module differ in, and which values of a form outlive it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..model import Argument, Command, FormValues, ModuleSpec, ParserSpec

_NAMED = 3
_NO_FIELDS = ("help", "version", "parsers")


class Changes(NamedTuple):
    """What became of a form's fields, each by its path (``build --jobs``).

    Attributes:
        went: are not there any more.
        came: are new.
        changed: take something else than before.
    """

    went: tuple[str, ...] = ()
    came: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __str__(self) -> str:
        """One line: ``--paths went, --seed is new.``; empty where nothing differs."""
        parts = [
            _part(self.went, "went", "went"),
            _part(self.came, "is new", "are new"),
            _part(self.changed, "changed", "changed"),
        ]
        told = ", ".join(part for part in parts if part)
        return f"{told}." if told else ""


def changes(before: ModuleSpec, after: ModuleSpec) -> Changes:
    """What became of the fields of a form.

    A default that is new with every reading is no change.
    """
    old, new = dict(_fields(before.parser)), dict(_fields(after.parser))
    return Changes(
        went=tuple(path for path in old if path not in new),
        came=tuple(path for path in new if path not in old),
        changed=tuple(
            path
            for path, field in new.items()
            if path in old and _takes(old[path]) != _takes(field)
        ),
    )


def surviving(values: FormValues, before: ModuleSpec, after: ModuleSpec) -> FormValues:
    """The values whose arguments are still there and still hold such a value.

    Whether a value is still right is for the form to check.
    """
    return _surviving(values, before.parser, after.parser)


def _surviving(values: FormValues, before: ParserSpec, after: ParserSpec) -> FormValues:
    old = {argument.id: _shape(argument) for argument in before.arguments}
    new = {argument.id: _shape(argument) for argument in after.arguments}
    kept = {
        identity: value
        for identity, value in values.values.items()
        if identity in new and old.get(identity, new[identity]) == new[identity]
    }
    below = None
    if values.command is not None:
        was = _command(before, values.command.name)
        now = _command(after, values.command.name)
        if now is not None:
            parser = was.parser if was is not None else now.parser
            below = _surviving(values.command, parser, now.parser)
    return FormValues(values=kept, command=below, name=values.name)


def _command(parser: ParserSpec, name: str) -> Command | None:
    commands = parser.commands.commands if parser.commands else ()
    return next((one for one in commands if name in (one.name, *one.aliases)), None)


def _shape(argument: Argument) -> tuple[object, ...]:
    """What decides how a form holds a value of the argument."""
    several = argument.nargs not in (None, "?", 0)
    repeated = argument.action in ("append", "extend")
    flag = argument.nargs == 0 and argument.action
    return several, repeated, flag


def _takes(argument: Argument) -> tuple[object, ...]:
    """What a user would notice of a changed argument."""
    choices = None
    if argument.choices is not None:
        choices = tuple(choice.value for choice in argument.choices)
    shape = _shape(argument)
    return *shape, argument.nargs, argument.type_name, choices, argument.required


def _fields(parser: ParserSpec, path: str = "") -> Iterator[tuple[str, Argument]]:
    for argument in parser.arguments:
        if argument.action not in _NO_FIELDS:
            yield path + argument.id, argument
    for command in parser.commands.commands if parser.commands else ():
        yield from _fields(command.parser, f"{path}{command.name} ")


def _part(paths: Sequence[str], one: str, several: str) -> str:
    if not paths:
        return ""
    shown = ", ".join(f"`{path}`" for path in paths[:_NAMED])
    if len(paths) > _NAMED:
        shown += f" and {len(paths) - _NAMED} more"
    return f"{shown} {one if len(paths) == 1 else several}"
