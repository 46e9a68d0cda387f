"""The values of a form that nobody has touched: every argument with its default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..command import check_value
from ..model import Argument, FormValues, ModuleSpec, ParserSpec
from .comparing import command_parser

_FLAGS = ("store_true", "store_false", "store_const")
_LEFT_OUT = ("help", "version", "parsers")


def default_values(spec: ModuleSpec, command: Sequence[str] = ()) -> FormValues:
    """Every argument with its default; ``null`` where it has none to be given.

    A default that cannot stand on a command line is ``null`` too, and so are secrets
    and lists that a value would be added to.

    Args:
        spec: what the module takes.
        command: the subcommands to go down, outermost first; what is not there ends
            the way.
    """
    return _level(spec.parser, "", tuple(command))


def _level(parser: ParserSpec, name: str, command: tuple[str, ...]) -> FormValues:
    inner = command_parser(parser, command[0]) if command else None
    grouped = {i for group in parser.exclusive_groups for i in group.arguments}
    return FormValues(
        name=name,
        values={
            argument.id: None if argument.id in grouped else _value(argument)
            for argument in parser.arguments
            if argument.action not in _LEFT_OUT
        },
        command=_level(inner, command[0], command[1:]) if inner is not None else None,
    )


def _value(argument: Argument) -> Any:
    """The default as a form holds it, or ``None``."""
    default = argument.default
    if argument.secret or argument.action not in (*_FLAGS, "store", "boolean_optional"):
        return None
    if argument.action in _FLAGS:
        return False
    if argument.action == "boolean_optional":
        return default if isinstance(default, bool) else None
    value = _texts(default)
    if value is None or check_value(argument, value) is not None:
        return None
    return value


def _texts(default: Any) -> Any:
    if isinstance(default, bool) or default is None:
        return None
    if isinstance(default, list):
        texts = [_texts(item) for item in default]
        return None if any(not isinstance(text, str) for text in texts) else texts
    return str(default) if isinstance(default, str | int | float) else None
