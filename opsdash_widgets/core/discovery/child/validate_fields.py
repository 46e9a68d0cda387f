"""Which fields of the form a parser means by what it says."""

from __future__ import annotations

import argparse
from typing import Any

from . import names, plain

_COMMAND = "command"


def ids(parser: argparse.ArgumentParser) -> dict[int, str]:
    """Identity of each action of a parser -> its id; subcommands have none."""
    known: Any = names.argument_ids(parser)
    if isinstance(known, dict):
        return known
    pairs = zip(parser._actions, known)
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
    return list(dict.fromkeys(found))


def _mentioned(parser: Any, message: str) -> list[Any]:
    """The actions of a message of argparse that names them, in any language."""
    translate = getattr(argparse, "_", str)
    before = translate("the following arguments are required: %s").partition("%s")[0]
    if message.startswith(before):
        wanted = message[len(before) :].split(", ")
        name_of = argparse._get_action_name
        return [a for a in parser._actions if a.required and name_of(a) in wanted]
    before = translate("one of the arguments %s is required").partition("%s")[0]
    if message.startswith(before):
        for group in parser._mutually_exclusive_groups:
            members = group._group_actions
            shown = [argparse._get_action_name(a) for a in members]
            if all(str(name) in message for name in shown if name):
                return list(members)
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
