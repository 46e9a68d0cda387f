"""From Python values to a form's values: ``paths=200_000`` finds ``--paths``."""

from __future__ import annotations

import datetime
import enum
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ..core.errors import ValuesError
from ..core.model import Argument, Command, FormValues, ParserSpec

FLAGS = ("store_true", "store_false", "store_const")


def form_values(parser: ParserSpec, values: Mapping[str, Any]) -> FormValues:
    """The values of a form from keyword arguments.

    A keyword names an argument by its dest (``start_date``), its id (``--start-date``)
    or a name of it without dashes. ``None`` leaves an argument untouched. A keyword
    ``command`` chooses a subcommand: its name, or ``{"name": …, **values}``.

    Raises:
        ValuesError: a keyword names no argument, or more than one.
    """
    given = dict(values)
    command = given.pop("command", None) if parser.commands else None
    found: dict[str, Any] = {}
    unknown: dict[str, str] = {}
    for name, value in given.items():
        argument = _argument(parser, name)
        if argument is None:
            unknown[name] = f"There is no argument {name}; {_known(parser)}."
        elif value is not None and not _is_left_out(argument, name, value, parser):
            found[argument.id] = _value(argument, value)
    if unknown:
        raise ValuesError(" ".join(unknown.values()), unknown)
    return FormValues(values=found, command=_command(parser, command))


def _argument(parser: ParserSpec, name: str) -> Argument | None:
    for argument in parser.arguments:
        if name == argument.id:
            return argument
    plain = name.replace("_", "-")
    for argument in parser.arguments:
        names = _option_names(argument, parser)
        if name == argument.dest or name in names or plain in names:
            return argument
    return None


def _option_names(argument: Argument, parser: ParserSpec) -> list[str]:
    return [option.lstrip(parser.prefix_chars) for option in argument.option_strings]


def _is_left_out(argument: Argument, name: str, value: Any, parser: ParserSpec) -> bool:
    """Whether a flag's truth value says that the flag is not given."""
    if argument.action not in FLAGS or not isinstance(value, bool):
        return False
    by_option = name.replace("_", "-") in _option_names(argument, parser)
    if argument.action == "store_false" and not by_option:
        return value  # verbose=True is what it is without --quiet (dest="verbose")
    return not value


def _known(parser: ParserSpec) -> str:
    names = [a.dest for a in parser.arguments if a.action not in ("help", "version")]
    return f"it takes {', '.join(names)}" if names else "it takes none"


def _value(argument: Argument, value: Any) -> Any:
    if argument.action in FLAGS:
        return True
    if argument.action == "boolean_optional":
        return bool(value)
    if argument.action in ("count", "append_const"):
        return int(value)
    if isinstance(value, dict):
        return value
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | os.PathLike):
        return [_value(argument, item) for item in value]
    return _text(value)


def _text(value: Any) -> str:
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return str(value.value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _command(parser: ParserSpec, command: Any) -> FormValues | None:
    if command is None:
        return None
    values = {"name": command} if isinstance(command, str) else dict(command)
    name = str(values.pop("name", ""))
    chosen = _chosen(parser, name)
    inner = form_values(chosen.parser, values)
    return FormValues(name=name, values=inner.values, command=inner.command)


def _chosen(parser: ParserSpec, name: str) -> Command:
    commands = parser.commands.commands if parser.commands else ()
    for command in commands:
        if name == command.name or name in command.aliases:
            return command
    names = ", ".join(command.name for command in commands)
    message = f"There is no subcommand {name!r}; it has {names}."
    raise ValuesError(message, {"command": message})
