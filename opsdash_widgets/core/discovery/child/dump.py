"""Turn an argparse parser into data that JSON can hold.

The dictionaries have the names of ``opsdash_widgets.core.model.module``. Nothing here
calls a converter: a ``type=`` function may open or delete what it is given.
"""

from __future__ import annotations

import argparse
from typing import Any

from . import choices, names, paths, plain

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
_SUPPRESSED = "argparse.SUPPRESS"


def parser_data(
    parser: argparse.ArgumentParser, warnings: list[str], depth: int = 0
) -> dict[str, Any]:
    """A parser and everything below it.

    Args:
        parser: the parser.
        warnings: gets a sentence for whatever the data cannot say.
        depth: how many parsers stand above it.
    """
    ids = names.argument_ids(parser)
    prog = plain.text(parser.prog)
    arguments = []
    commands = None
    positionals = 0
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            commands = _commands(parser, action, positionals, warnings, depth)
            continue
        if not action.option_strings:
            positionals += 1
        arguments.append(_argument(parser, action, ids[id(action)], warnings))
    return {
        "prog": prog,
        "usage": plain.expanded(parser.usage, {"prog": prog}),
        "description": plain.expanded(parser.description, {"prog": prog}),
        "epilog": plain.expanded(parser.epilog, {"prog": prog}),
        "prefix_chars": plain.text(parser.prefix_chars),
        "fromfile_prefix_chars": plain.text_or_none(parser.fromfile_prefix_chars),
        "allow_abbrev": bool(getattr(parser, "allow_abbrev", True)),
        "arguments": arguments,
        "groups": _groups(parser, ids),
        "exclusive_groups": _exclusive_groups(parser, ids),
        "commands": commands,
    }


def size(parser: argparse.ArgumentParser, depth: int = 0) -> int:
    """How many arguments a parser and everything below it has."""
    total = 0
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction) and depth < _DEPTH:
            for inner in _distinct(action):
                total += 1 + size(inner, depth + 1)
        else:
            total += 1
    return total


def _argument(
    parser: argparse.ArgumentParser,
    action: argparse.Action,
    identity: str,
    warnings: list[str],
) -> dict[str, Any]:
    secret = names.is_secret(action)
    default = getattr(action, "save_default", action.default)
    nargs = getattr(action, "save_nargs", action.nargs)
    converter = parser._registry_get("type", action.type, action.type)
    allowed = choices.read(action, converter, identity, warnings)
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
        "choices": allowed.listed,
        "minimum": allowed.minimum,
        "maximum": allowed.maximum,
        "required": bool(action.required),
        "help": _help(parser, action, secret),
        "metavar": _metavar(action.metavar),
        "deprecated": bool(getattr(action, "deprecated", False)),
        "hidden": action.help == argparse.SUPPRESS,
        "secret": secret,
        **paths.described(converter),
    }
    if default is argparse.SUPPRESS or default == argparse.SUPPRESS:
        data.update(default=None, default_repr=_SUPPRESSED)
    elif secret and default is not None:
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
    parser: argparse.ArgumentParser, action: argparse.Action, secret: bool
) -> str | None:
    if action.help is None or action.help == argparse.SUPPRESS:
        return None
    values = {
        name: getattr(value, "__name__", value)
        for name, value in vars(action).items()
        if value is not argparse.SUPPRESS
    }
    values["prog"] = parser.prog
    if secret:
        values["default"] = "(not shown)"
    if action.choices is not None:
        values["choices"] = ", ".join(choices.texts(action.choices))
    return plain.expanded(action.help, values)


def _metavar(metavar: Any) -> Any:
    if isinstance(metavar, (tuple, list)):
        return [plain.text(item) for item in metavar]
    return plain.text_or_none(metavar)


def _groups(
    parser: argparse.ArgumentParser, ids: dict[int, str]
) -> list[dict[str, Any]]:
    found = []
    for group in parser._action_groups:
        members = [ids[id(a)] for a in group._group_actions if id(a) in ids]
        if members:
            found.append(
                {
                    "title": plain.text_or_none(group.title),
                    "description": plain.text_or_none(group.description),
                    "arguments": members,
                }
            )
    return found


def _exclusive_groups(
    parser: argparse.ArgumentParser, ids: dict[int, str]
) -> list[dict[str, Any]]:
    found = []
    for group in parser._mutually_exclusive_groups:
        members = [ids[id(a)] for a in group._group_actions if id(a) in ids]
        if members:
            found.append({"arguments": members, "required": bool(group.required)})
    return found


def _distinct(action: Any) -> list[argparse.ArgumentParser]:
    """The parsers of a set of subcommands, each once, in order."""
    return list({id(p): p for p in dict(action._name_parser_map).values()}.values())


def _commands(
    parser: argparse.ArgumentParser,
    action: Any,
    position: int,
    warnings: list[str],
    depth: int,
) -> dict[str, Any] | None:
    if depth >= _DEPTH:
        warnings.append(f"Subcommands below the {depth}th level are left out.")
        return None
    helps = {plain.text(a.dest): a.help for a in action._choices_actions}
    found: dict[int, dict[str, Any]] = {}
    for name, inner in dict(action._name_parser_map).items():
        if id(inner) in found:
            found[id(inner)]["aliases"].append(plain.text(name))
            continue
        summary = helps.get(plain.text(name))
        hidden = summary is None or summary == argparse.SUPPRESS
        found[id(inner)] = {
            "name": plain.text(name),
            "aliases": [],
            "help": None
            if hidden
            else plain.expanded(summary, {"prog": plain.text(parser.prog)}),
            "parser": parser_data(inner, warnings, depth + 1),
        }
    suppressed = action.dest == argparse.SUPPRESS
    group = next((g for g in parser._action_groups if action in g._group_actions), None)
    titled = group is not None and group not in parser._action_groups[:2]
    return {
        "commands": list(found.values()),
        "dest": "" if suppressed else plain.text(action.dest),
        "title": plain.text_or_none(group.title) if group and titled else None,
        "description": plain.text_or_none(group.description) if group else None,
        "metavar": plain.text_or_none(action.metavar),
        "help": None
        if action.help == argparse.SUPPRESS
        else plain.text_or_none(action.help),
        "required": bool(action.required),
        "position": position,
    }
