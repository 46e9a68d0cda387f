"""From Python values to a form's values: ``paths=200_000`` finds ``--paths``."""

from __future__ import annotations

import datetime
import difflib
import enum
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ..errors import ValuesError
from ..model import Argument, Command, FormValues, ModuleSpec, ParserSpec
from .line import keyword_of

FLAGS = ("store_true", "store_false", "store_const")


def form_values(spec: ModuleSpec, keywords: Mapping[str, Any]) -> FormValues:
    """A form's values from keywords: ids, option names or dests.

    ``None`` leaves an argument untouched. The keyword ``command`` chooses a subcommand:
    its name, or ``{"name": …, **keywords}``. Dates become ISO 8601, enums their value.

    Raises:
        ValuesError: a keyword names no argument of the module.
    """
    return _form_values(spec.module, spec.parser, keywords)


def overridden(
    spec: ModuleSpec, values: FormValues, keywords: Mapping[str, Any]
) -> FormValues:
    """A form's values with those of keywords in their place.

    ``None`` takes an argument back to what it is untouched, ``False`` takes a flag
    away. Another subcommand takes the place of the values of the first.

    Raises:
        ValuesError: a keyword names no argument of the module.
    """
    return _overridden(spec.module, spec.parser, values, keywords)


def _overridden(
    module: str, parser: ParserSpec, values: FormValues, keywords: Mapping[str, Any]
) -> FormValues:
    new = _form_values(module, parser, keywords)
    known = _names(parser.arguments)
    named = {known[name].id for name in keywords if name in known}
    kept = {key: value for key, value in values.values.items() if key not in named}
    command = new.command or values.command
    if new.command and values.command and new.command.name == values.command.name:
        asked = keywords["command"]
        inner = {} if isinstance(asked, str) else {**asked}
        inner.pop("name", None)
        below = _chosen(module, parser, new.command.name).parser
        command = _overridden(module, below, values.command, inner)
    return FormValues(name=values.name, values={**kept, **new.values}, command=command)


def _form_values(
    module: str, parser: ParserSpec, keywords: Mapping[str, Any]
) -> FormValues:
    given = dict(keywords)
    command = given.pop("command", None) if parser.commands else None
    known = _names(parser.arguments)
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for name, value in given.items():
        argument = known.get(name)
        if argument is None:
            near = difflib.get_close_matches(name, known, 1)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            wrong[name] = f"`{module}` has no argument `{name}`.{hint}"
        elif value is not None and not _is_left_out(argument, name, value):
            values[argument.id] = _value(argument, value)
    if wrong:
        raise ValuesError(" ".join(wrong.values()), wrong)
    return FormValues(values=values, command=_command(module, parser, command))


def _names(arguments: tuple[Argument, ...]) -> dict[str, Argument]:
    """Keyword -> argument; an option's own name wins over a dest."""
    names: dict[str, Argument] = {}
    for argument in arguments:
        names.setdefault(argument.dest, argument)
    for argument in arguments:
        for option in argument.option_strings:
            names[keyword_of(option)] = argument
        names[argument.id] = argument
    return names


def _is_left_out(argument: Argument, name: str, value: Any) -> bool:
    """Whether a flag's truth value says that the flag is not given."""
    if argument.action not in FLAGS or not isinstance(value, bool):
        return False
    by_option = name in (keyword_of(option) for option in argument.option_strings)
    if argument.action == "store_false" and not by_option and name != argument.id:
        return value  # verbose=True is what it is without --quiet (dest="verbose")
    return not value


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
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, enum.Enum):
        return str(value.value)
    return os.fspath(value) if isinstance(value, os.PathLike) else str(value)


def _command(module: str, parser: ParserSpec, command: Any) -> FormValues | None:
    if command is None:
        return None
    given = {"name": command} if isinstance(command, str) else dict(command)
    name = str(given.pop("name", ""))
    chosen = _chosen(module, parser, name)
    inner = _form_values(module, chosen.parser, given)
    return FormValues(name=name, values=inner.values, command=inner.command)


def _chosen(module: str, parser: ParserSpec, name: str) -> Command:
    commands = parser.commands.commands if parser.commands else ()
    for command in commands:
        if name == command.name or name in command.aliases:
            return command
    names = ", ".join(command.name for command in commands)
    message = f"`{module}` has no subcommand `{name}`; it has {names}."
    raise ValuesError(message, {"command": message})
