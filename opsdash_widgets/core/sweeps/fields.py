"""Which argument a swept field is, and what one value of a series means for it."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..command import check_value
from ..command.line import keyword_of
from ..model import Argument, FormValues, Kind, ModuleSpec, ParserSpec
from .series import NotASeries

DATE_TOKENS = ("COB_DATE", "RUN_DATE", "START_DATE", "END_DATE")
"""The dates that a module without a parser may be given, as ``COB_DATE=2025-03-31``."""

_FLAGS = ("store_true", "store_false", "store_const")
_COUNTED = ("count", "append_const")
NEVER = ("help", "version", "parsers")
_TRUE = ("true", "on", "yes", "1")
_FALSE = ("false", "off", "no", "0")


class Field(NamedTuple):
    """A field that can be swept.

    Attributes:
        path: the names of the subcommands that lead to it and its id, joined by
            single spaces; a date token's name.
        commands: the subcommands that lead to it.
        argument: what it is; a date token has one of its own.
        is_token: it goes among the free arguments, ``COB_DATE=…``.
    """

    path: str
    commands: tuple[str, ...]
    argument: Argument
    is_token: bool = False


def find_field(spec: ModuleSpec, name: str, chosen: Sequence[str] = ()) -> Field:
    """The field of a name: an id, an option's own name (``start_date``), or a path.

    Args:
        spec: the module.
        name: the name; those of subcommands may stand before it, with spaces.
        chosen: the subcommands that are chosen already; a bare name may lie in them.

    Raises:
        NotASeries: there is none.
    """
    *words, last = name.split() or [""]
    found = _lookup(spec.parser, tuple(words), last)
    for depth in range(1, len(chosen) + 1) if not words else ():
        found = found or _lookup(spec.parser, tuple(chosen[:depth]), last)
    if found is None and _has_tokens(spec) and last.upper() in DATE_TOKENS:
        token = Argument(id=last.upper(), dest=last.upper(), metavar="DATE")
        return Field(token.id, (), token, is_token=True)
    if found is None:
        raise NotASeries(_unknown(spec, name, chosen))
    return found


def refusal(argument: Argument) -> str:
    """Why an argument cannot be swept, one sentence; empty where it can."""
    if argument.secret:
        return "A secret cannot be swept: its values would be stored."
    if argument.action in NEVER:
        return f"{argument.id} only shows something and ends."
    return ""


def value_of(field: Field, item: Any) -> Any:
    """A value as the form holds it, from one item of a series; None leaves it out.

    Raises:
        NotASeries: it does not fit its argument.
    """
    argument = field.argument
    value = None if item is None else _shaped(argument, item)
    if value is not None and value is not False:
        wrong = check_value(argument, value)
        if wrong:
            raise NotASeries(wrong)
    if value is False and argument.action in _FLAGS:
        return None  # the flag is not given
    return value


def field_label(path: str) -> str:
    """What a field is called where people read it: its path without dashes.

    >>> field_label("build --jobs")
    'build jobs'
    """
    *words, last = path.split(" ")
    return " ".join((*words, last.lstrip("-+/") or last))


def shown(item: Any) -> str:
    """An item of a series as a table shows it."""
    if item is None:
        return "(default)"
    if isinstance(item, bool):
        return "on" if item else "off"
    if isinstance(item, list | tuple):
        return " ".join(map(shown, item))
    return str(item)


def with_value(values: FormValues, field: Field, value: Any) -> FormValues:
    """A form's values with that of one field in place of its own.

    Raises:
        NotASeries: another subcommand is chosen than the field's.
    """
    return _with_value(values, field.commands, field.argument.id, value)


def _with_value(
    values: FormValues, commands: Sequence[str], identity: str, value: Any
) -> FormValues:
    if not commands:
        kept = {key: one for key, one in values.values.items() if key != identity}
        if value is not None:
            kept[identity] = value
        return FormValues(name=values.name, values=kept, command=values.command)
    below = values.command or FormValues(name=commands[0])
    if below.name != commands[0]:
        raise NotASeries(
            f"It belongs to the subcommand {commands[0]}, and {below.name} is chosen."
        )
    inner = _with_value(below, commands[1:], identity, value)
    return FormValues(name=values.name, values=values.values, command=inner)


def _lookup(parser: ParserSpec, commands: tuple[str, ...], name: str) -> Field | None:
    words: list[str] = []
    for wanted in commands:
        below = [
            command
            for command in (parser.commands.commands if parser.commands else ())
            if wanted == command.name or wanted in command.aliases
        ]
        if not below:
            return None
        words.append(wanted)
        parser = below[0].parser
    argument = _names(parser).get(name)
    if argument is None:
        return None
    return Field(" ".join([*words, argument.id]), tuple(words), argument)


def _names(parser: ParserSpec) -> dict[str, Argument]:
    """Everything that an argument answers to; an option's own name before a dest."""
    names = {argument.dest: argument for argument in reversed(parser.arguments)}
    for argument in parser.arguments:
        for option in argument.option_strings:
            names |= {option: argument, keyword_of(option): argument}
    return names | {argument.id: argument for argument in parser.arguments}


def _has_tokens(spec: ModuleSpec) -> bool:
    return spec.kind is Kind.PLAIN and not spec.parser.arguments


def _unknown(spec: ModuleSpec, name: str, chosen: Sequence[str]) -> str:
    known = list(_names(spec.parser))
    parser = spec.parser
    for wanted in chosen:
        commands = parser.commands.commands if parser.commands else ()
        parser = next((c.parser for c in commands if c.name == wanted), ParserSpec())
        known += _names(parser)
    if _has_tokens(spec):
        known += DATE_TOKENS
    near = difflib.get_close_matches(name, known, 1)
    hint = f" Did you mean `{near[0]}`?" if near else ""
    return f"{spec.module} has no argument `{name}`.{hint}"


def _shaped(argument: Argument, item: Any) -> Any:
    """An item in the shape that a form's value of the argument has."""
    if argument.action in _FLAGS or argument.action == "boolean_optional":
        return _truth(item)
    if argument.nargs == 0 and argument.action == "custom":
        return _truth(item)
    if argument.action in _COUNTED:
        return _whole(item)
    if isinstance(item, dict):
        return item
    if argument.action in ("append", "extend"):
        items = item if isinstance(item, list) else [item]
        return [_texts(argument, one) for one in items]
    return _texts(argument, item)


def _texts(argument: Argument, item: Any) -> Any:
    """One occurrence: a text, or a list of them where it takes several."""
    several = argument.nargs not in (None, "?")
    if isinstance(item, list):
        if not several:
            raise NotASeries("Give one value for each run, not a list of them.")
        return [_text(one) for one in item]
    if isinstance(argument.nargs, int) and argument.nargs > 1:
        raise NotASeries(
            f"It takes {argument.nargs} values at a time: write a JSON list of lists, "
            f"[{_example(argument.nargs, 1)}, {_example(argument.nargs, 5)}]."
        )
    return [_text(item)] if several else _text(item)


def _example(count: int, start: int) -> str:
    return f"[{', '.join(str(start + place) for place in range(count))}]"


def _text(item: Any) -> str:
    if isinstance(item, str):
        return item
    if isinstance(item, bool) or item is None or isinstance(item, list | dict):
        raise NotASeries(f"`{shown(item)}` is no text for a command line.")
    return str(item)


def _truth(item: Any) -> bool:
    word = str(item).lower()
    if word not in (*_TRUE, *_FALSE):
        raise NotASeries(f"`{shown(item)}` is neither true nor false.")
    return word in _TRUE


def _whole(item: Any) -> int:
    try:
        return int(str(item))
    except ValueError:
        raise NotASeries(f"`{shown(item)}` is no whole number.") from None
