"""What of a module can be swept, and what to write for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..model import Argument, Kind, ModuleSpec, ParserSpec
from .dates import is_date
from .fields import DATE_TOKENS, NEVER, field_label

DATES = "2024-01-01..2024-03-31:B"
_HINTS = {"int": "1..10:2", "float": "0.1..0.5:0.1"}


class Option(NamedTuple):
    """A field that can be swept.

    Attributes:
        path: the field's path.
        label: what it is called.
        hint: an example of what can be written for it.
    """

    path: str
    label: str
    hint: str


def sweep_options(spec: ModuleSpec, commands: Sequence[str] = ()) -> list[Option]:
    """The fields of a module's form that can be swept, in the form's order.

    Args:
        spec: the module.
        commands: the chosen subcommands, outermost first.
    """
    if spec.kind is Kind.PLAIN and not spec.parser.arguments:
        return [Option(name, name, DATES) for name in DATE_TOKENS]
    found, parser = _of(spec.parser, ()), spec.parser
    words: tuple[str, ...] = ()
    for name in commands:
        below = _below(parser, name)
        if below is None:
            break
        parser, words = below, (*words, name)
        found += _of(parser, words)
    return found


def hint_for(argument: Argument) -> str:
    """An example of what can be written for a field."""
    if is_date(argument):
        return DATES
    if argument.choices:
        first = ",".join(choice.value for choice in argument.choices[:2])
        return f"{first} or * for all"
    if argument.action in ("store_true", "store_const", "boolean_optional"):
        return "true,false"
    if argument.default is not None and argument.type_name in _HINTS:
        return f"{argument.default},… or {_HINTS[argument.type_name]}"
    return _HINTS.get(argument.type_name, "a,b,c")


def _of(parser: ParserSpec, words: tuple[str, ...]) -> list[Option]:
    return [
        Option(" ".join((*words, one.id)), _label(one, words), hint_for(one))
        for one in parser.arguments
        if one.action not in NEVER and not (one.secret or one.hidden)
    ]


def _label(argument: Argument, words: tuple[str, ...]) -> str:
    if argument.form and argument.form.label:
        return " ".join((*words, argument.form.label))
    return field_label(" ".join((*words, argument.id)))


def _below(parser: ParserSpec, name: str) -> ParserSpec | None:
    for command in parser.commands.commands if parser.commands else ():
        if name == command.name or name in command.aliases:
            return command.parser
    return None
