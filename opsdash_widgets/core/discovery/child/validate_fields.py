"""Which fields of the form a parser means by what it says."""

from __future__ import annotations

import argparse
import re
from typing import Any

from . import names, plain

_COMMAND = "command"
_KEY = re.compile(r'^(?:(?:Parser k|K)ey|expected) "([^"]+)"')
"""How jsonargparse names an argument: by its dest, below its subcommands."""


def ids(parser: argparse.ArgumentParser) -> dict[int, str]:
    """Identity of each action of a parser -> its id; subcommands have none."""
    pairs = zip(parser._actions, names.argument_ids(parser))
    return {id(action): name for action, name in pairs if name}


def named(root: Any, parser: Any, action: Any, message: str) -> list[str]:
    """The paths of the fields that a message is about.

    Args:
        root: the parser that the command line was given to.
        parser: the one that refused: root, or that of a subcommand.
        action: the action that it blames, if it says so itself.
        message: what it says.
    """
    if parser is None:
        return []
    blamed = [action] if action is not None else _mentioned(parser, message)
    prefix = _path(root, parser)
    known = ids(parser)
    found = []
    for one in blamed:
        if isinstance(one, argparse._SubParsersAction):
            found.append(" ".join([*prefix, _COMMAND]))
        elif id(one) in known:
            found.append(" ".join([*prefix, known[id(one)]]))
    if not blamed:
        for key in _keys(message):
            found += _by_key(parser, key, prefix) or _by_key(root, key, [])
    return list(dict.fromkeys(found))


def _keys(message: str) -> list[str]:
    """The dests that a message of jsonargparse names."""
    return _KEY.findall(message) or _listed(message)


def _listed(message: str) -> list[str]:
    """What a message says is required, in any language."""
    translate = getattr(argparse, "_", str)
    before = translate("the following arguments are required: %s").partition("%s")[0]
    return message[len(before) :].split(", ") if message.startswith(before) else []


def _mentioned(parser: Any, message: str) -> list[Any]:
    """The actions of a message of argparse that names them, in any language."""
    if wanted := _listed(message):
        name_of = argparse._get_action_name
        return [a for a in parser._actions if a.required and name_of(a) in wanted]
    one_of = getattr(argparse, "_", str)("one of the arguments %s is required")
    for group in parser._mutually_exclusive_groups:
        members = group._group_actions
        shown = [a for a in members if a.help is not argparse.SUPPRESS]
        named_so = " ".join(str(argparse._get_action_name(a)) for a in shown)
        if message == one_of % named_so:
            return list(members)
    return []


def _by_key(parser: Any, key: str, path: list[str]) -> list[str]:
    """The field of a dest; below a subcommand its name stands before it."""
    known = ids(parser)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            if action.dest == key:
                return [" ".join([*path, _COMMAND])]
            for name, inner in dict(action._name_parser_map).items():
                if key.startswith(name + "."):
                    return _by_key(inner, key[len(name) + 1 :], [*path, name])
        elif action.dest == key and id(action) in known:
            return [" ".join([*path, known[id(action)]])]
    return []


def _path(root: Any, parser: Any) -> list[str]:
    """The names of the subcommands that lead from one parser to another."""
    left: list[tuple[Any, list[str]]] = [(root, [])]
    seen: set[int] = set()
    while left:
        one, path = left.pop(0)
        if one is parser:
            return path
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        for action in one._actions:
            if isinstance(action, argparse._SubParsersAction):
                left += _inner(action, path)
    return []


def _inner(action: Any, path: list[str]) -> list[tuple[Any, list[str]]]:
    """The parsers of subcommands, each by the first of its names."""
    first: dict[int, tuple[Any, list[str]]] = {}
    for name, parser in dict(action._name_parser_map).items():
        first.setdefault(id(parser), (parser, [*path, plain.text(name)]))
    return list(first.values())
