"""Turn an argparse parser into data that JSON can hold.

The dictionaries have the names of ``opsdash_widgets.core.model.module``. Nothing here
calls a converter: a ``type=`` function may open or delete what it is given.
"""

from __future__ import annotations

import argparse
from typing import Any

from . import choices, names, paths, plain, relatives

_ACTIONS = {
    "_StoreAction": "store",
    "_StoreConstAction": "store_const",
    "_StoreTrueAction": "store_true",
    "_StoreFalseAction": "store_false",
    "_AppendAction": "append",
    "_AppendConstAction": "append_const",
    "_ExtendAction": "extend",
    "_CountAction": "count",
    "_HelpAction": "help",
    "_VersionAction": "version",
    "BooleanOptionalAction": "boolean_optional",
    "_SubParsersAction": "parsers",
}
_DEPTH = 12
_ARGUMENTS = 20_000
_NAMED = 3
_SUPPRESSED = repr(argparse.SUPPRESS)


class Dump:
    """One parser and everything below it, turned into data.

    Attributes:
        warnings: a sentence for whatever the data cannot say.
    """

    def __init__(self) -> None:
        self.warnings: list[str] = []
        self._above: list[argparse.ArgumentParser] = []
        self._count = 0
        self._replaced: dict[str, list[str]] = {}

    def parser(self, parser: argparse.ArgumentParser) -> dict[str, Any]:
        """A parser and everything below it."""
        ids = names.argument_ids(parser)
        prog = plain.text(parser.prog)
        commands = None
        arguments = []
        for action, identity in zip(list(parser._actions), ids):
            if isinstance(action, argparse._SubParsersAction):
                commands = self._commands(parser, action)
            else:
                told = self._argument(parser, action, identity)
                arguments.append({**told, **relatives.further(parser, action)})
        self._count += len(arguments)
        self._note_defaults(parser)
        usage = plain.expanded(parser.usage, {"prog": prog})
        return {
            "prog": prog,
            "usage": None if usage == argparse.SUPPRESS else usage,
            "description": plain.described(parser.description, prog),
            "epilog": plain.described(parser.epilog, prog),
            "prefix_chars": plain.text(parser.prefix_chars),
            "fromfile_prefix_chars": plain.text_or_none(parser.fromfile_prefix_chars),
            "allow_abbrev": bool(getattr(parser, "allow_abbrev", True)),
            "intermixed": bool(getattr(parser, "_opsdash_intermixed", False)),
            "arguments": arguments,
            "groups": _groups(parser, ids),
            "exclusive_groups": _exclusive_groups(parser, ids),
            "commands": commands,
        }

    def _argument(
        self, parser: argparse.ArgumentParser, action: argparse.Action, identity: str
    ) -> dict[str, Any]:
        try:
            return _argument(parser, action, identity, self.warnings)
        except Exception as error:
            self.warnings.append(
                f"`{identity}` cannot be read whole: {type(error).__name__}."
            )
            options = [plain.text(option) for option in action.option_strings]
            return {
                "id": identity,
                "dest": plain.text(action.dest),
                "option_strings": options,
                "action": action_name(action),
                "required": bool(action.required),
            }

    def _commands(
        self, parser: argparse.ArgumentParser, action: Any
    ) -> dict[str, Any] | None:
        deprecated = getattr(action, "_deprecated", ())
        helps = _command_helps(parser, action)
        hidden = _hidden_commands(action)
        found: dict[int, dict[str, Any]] = {}
        for name, inner in list(action._name_parser_map.items()):
            if id(inner) in found:
                found[id(inner)]["aliases"].append(plain.text(name))
                continue
            below = self._below(parser, plain.text(name), inner)
            if below is not None:
                found[id(inner)] = {
                    "name": plain.text(name),
                    "aliases": [],
                    "help": helps.get(plain.text(name)),
                    "hidden": name in hidden,
                    "deprecated": name in deprecated,
                    "parser": below,
                }
        return {**_command_set(parser, action), "commands": list(found.values())}

    def _below(
        self, parser: argparse.ArgumentParser, name: str, inner: Any
    ) -> dict[str, Any] | None:
        """The parser of a subcommand, as far as it can be said."""
        if not isinstance(inner, argparse._ActionsContainer):
            self.warnings.append(f"The command `{name}` has no parser to be read.")
            return None
        self._above.append(parser)
        try:
            if any(inner is one for one in self._above):
                self.warnings.append(f"The command `{name}` leads back to itself.")
            elif len(self._above) > _DEPTH or self._count > _ARGUMENTS:
                self.warnings.append(f"What stands below `{name}` is left out.")
            else:
                return self.parser(inner)  # type: ignore[arg-type] # any parser has it
        finally:
            self._above.pop()
        return {"prog": plain.text(getattr(inner, "prog", name))}

    def _note_defaults(self, parser: argparse.ArgumentParser) -> None:
        """A subcommand's default replaces what was given to the parser above it."""
        above = {action.dest: action for one in self._above for action in one._actions}
        for action in parser._actions:
            other = above.get(action.dest)
            if other is not None and action.default != argparse.SUPPRESS:
                shown = plain.text("/".join(other.option_strings) or other.dest)
                self._replaced.setdefault(shown, []).append(plain.text(parser.prog))

    def notes(self) -> list[str]:
        """The warnings, each once."""
        for shown, progs in self._replaced.items():
            where = ", ".join(f"`{prog}`" for prog in progs[:_NAMED])
            more = f" and {len(progs) - _NAMED} others" if len(progs) > _NAMED else ""
            self.warnings.append(
                f"`{shown}` does not count where a command follows that has an "
                f"argument of the same name: {where}{more}."
            )
        return list(dict.fromkeys(self.warnings))


def parser_data(parser: argparse.ArgumentParser, warnings: list[str]) -> dict[str, Any]:
    """A parser and everything below it.

    Args:
        parser: the parser.
        warnings: gets a sentence for whatever the data cannot say.
    """
    dump = Dump()
    data = dump.parser(parser)
    warnings.extend(dump.notes())
    return data


def size(parser: argparse.ArgumentParser) -> int:
    """How many arguments a parser and everything below it has."""
    total = 0
    waiting = [(parser, 0)]
    seen = set()
    while waiting and total <= _ARGUMENTS:
        current, depth = waiting.pop()
        if id(current) in seen or depth > _DEPTH:
            continue
        seen.add(id(current))
        for action in getattr(current, "_actions", ()):
            total += 1
            if isinstance(action, argparse._SubParsersAction):
                waiting.extend((p, depth + 1) for p in _distinct(action))
    return total


def _argument(
    parser: argparse.ArgumentParser,
    action: argparse.Action,
    identity: str,
    warnings: list[str],
) -> dict[str, Any]:
    default = getattr(action, "save_default", action.default)
    nargs = getattr(action, "save_nargs", action.nargs)
    converter = None
    if action.type is not None:
        converter = parser._registry_get("type", action.type, action.type)
    allowed = choices.read(action, converter, identity, warnings)
    secret = names.is_secret(action)
    concealed = secret and names.is_secret_value(action, default)
    shown = _help(parser, action, concealed)
    is_raw = shown is None or shown == action.help
    data = {
        "id": identity,
        "dest": plain.text(action.dest),
        "option_strings": [plain.text(option) for option in action.option_strings],
        "action": action_name(action),
        "action_classes": _class_chain(action),
        "nargs": nargs if isinstance(nargs, int) else plain.text_or_none(nargs),
        "const": plain.value(action.const),
        "const_repr": plain.representation(action.const),
        "default": choices.default_value(default, converter),
        "default_repr": plain.representation(default),
        "type_name": names.type_name(converter),
        "type_known": names.type_known(converter),
        "file_mode": names.file_mode(converter),
        "choices": allowed.listed,
        "choices_repr": allowed.unlisted,
        "minimum": allowed.minimum,
        "maximum": allowed.maximum,
        "required": bool(action.required),
        "help": shown,
        "help_raw": None if is_raw else plain.text(action.help),
        "metavar": _metavar(action.metavar),
        "deprecated": bool(getattr(action, "deprecated", False)),
        "hidden": action.help == argparse.SUPPRESS,
        "secret": secret,
        **paths.described(converter),
    }
    if isinstance(default, str) and default == argparse.SUPPRESS:
        data.update(default=None, default_repr=_SUPPRESSED)
    elif concealed:
        # A default such as os.environ["TOKEN"] is a secret's value.
        data.update(default=None, default_repr="(set, not shown)")
    return data


def action_name(action: argparse.Action) -> str:
    """The word for an action: that of the built-in class it derives from."""
    for cls in type(action).__mro__:
        if cls.__module__ == "argparse" and cls.__name__ in _ACTIONS:
            return _ACTIONS[cls.__name__]
    return "custom"


def _class_chain(action: argparse.Action) -> list[str]:
    return [
        names.qualified(cls)
        for cls in type(action).__mro__
        if issubclass(cls, argparse.Action)
    ]


def _help(
    parser: argparse.ArgumentParser, action: argparse.Action, concealed: bool
) -> str | None:
    if action.help is None or action.help == argparse.SUPPRESS:
        return None
    values = _help_values(parser, action)
    if concealed:
        values["default"] = "(not shown)"
    if action.choices is not None:
        values["choices"] = ", ".join(choices.texts(action.choices))
    return plain.expanded(action.help, values)


def _help_values(
    parser: argparse.ArgumentParser, action: argparse.Action
) -> dict[str, Any]:
    """What argparse itself offers to the ``%`` of a help text."""
    values = {
        name: getattr(value, "__name__", value)
        for name, value in vars(action).items()
        if value is not argparse.SUPPRESS
    }
    values["prog"] = parser.prog
    return values


def _metavar(metavar: Any) -> Any:
    if isinstance(metavar, (tuple, list)):
        return [plain.text(item) for item in metavar]
    return plain.text_or_none(metavar)


def _groups(parser: argparse.ArgumentParser, ids: list[str]) -> list[dict[str, Any]]:
    found = []
    for group in parser._action_groups:
        members = _members(parser, group, ids)
        description = _unless_suppressed(group.description)
        if members or (description and group not in parser._action_groups[:2]):
            found.append(
                {
                    "title": _unless_suppressed(group.title),
                    "description": description,
                    "arguments": members,
                }
            )
    return found


def _exclusive_groups(
    parser: argparse.ArgumentParser, ids: list[str]
) -> list[dict[str, Any]]:
    found = []
    for group in parser._mutually_exclusive_groups:
        members = _members(parser, group, ids)
        if members:
            found.append({"arguments": members, "required": bool(group.required)})
    return found


def _members(parser: argparse.ArgumentParser, group: Any, ids: list[str]) -> list[str]:
    """The ids of a group's arguments, those of subcommands left out."""
    known: dict[int, str] = {}
    for action, identity in zip(parser._actions, ids):
        known.setdefault(id(action), identity)
    found = (known.get(id(action), "") for action in group._group_actions)
    return [identity for identity in found if identity]


def _unless_suppressed(text: Any) -> str | None:
    return None if text == argparse.SUPPRESS else plain.text_or_none(text)


def _distinct(action: Any) -> list[Any]:
    """The parsers of a set of subcommands, each once, in order."""
    return list({id(p): p for p in action._name_parser_map.values()}.values())


def _command_helps(
    parser: argparse.ArgumentParser, action: Any
) -> dict[str, str | None]:
    """The help of each subcommand that has one, by its name."""
    return {
        plain.text(one.dest): plain.expanded(one.help, _help_values(parser, one))
        for one in action._choices_actions
        if one.help != argparse.SUPPRESS
    }


def _hidden_commands(action: Any) -> set[Any]:
    suppressed = argparse.SUPPRESS
    return {one.dest for one in action._choices_actions if one.help == suppressed}


def _command_set(parser: argparse.ArgumentParser, action: Any) -> dict[str, Any]:
    group = next((g for g in parser._action_groups if action in g._group_actions), None)
    before = parser._actions[: parser._actions.index(action)]
    return {
        "dest": "" if action.dest == argparse.SUPPRESS else plain.text(action.dest),
        "title": _unless_suppressed(group.title) if group else None,
        "description": _unless_suppressed(group.description) if group else None,
        "metavar": plain.text_or_none(action.metavar),
        "help": _unless_suppressed(action.help),
        "required": bool(action.required),
        "position": sum(1 for one in before if not one.option_strings),
    }
