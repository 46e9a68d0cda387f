"""What some uses of arguments mean: the namespace, made by hand.

Each action is called on a namespace as a parser would call it, so nothing here depends
on how a command line is read.
"""

from __future__ import annotations

import argparse
import re
from typing import Any, NamedTuple

from .catch import commands_of
from .texts import converted

_ADDRESS = re.compile(r"0x[0-9a-f]+")


class Use(NamedTuple):
    """One use of an argument; ``texts`` is None for a flag or a bare option."""

    action: argparse.Action
    texts: list[str] | None
    option: str | None


class Meant(NamedTuple):
    """The uses of one parser's arguments, and of the subcommand chosen in it."""

    parser: argparse.ArgumentParser
    uses: list[Use]
    chooser: Any = None
    name: str = ""
    below: Any = None


def namespace(meant: Meant) -> argparse.Namespace:
    """The namespace that ``parse_args`` shall give."""
    space = argparse.Namespace()
    _defaults(meant.parser, space)
    for use in meant.uses:
        value = _value(meant.parser, use)
        use.action(meant.parser, space, value, use.option)
    _left_out(meant, space)
    if meant.below is not None:
        if meant.chooser.dest != argparse.SUPPRESS:
            setattr(space, meant.chooser.dest, meant.name)
        for name, value in vars(namespace(meant.below)).items():
            setattr(space, name, value)
    return space


def _defaults(parser: argparse.ArgumentParser, space: argparse.Namespace) -> None:
    for action in parser._actions:
        known = argparse.SUPPRESS not in (action.dest, action.default)
        if known and not hasattr(space, action.dest):
            setattr(space, action.dest, action.default)
    for name, value in parser._defaults.items():
        if not hasattr(space, name):
            setattr(space, name, value)


def _value(parser: argparse.ArgumentParser, use: Use) -> Any:
    if use.texts is None:
        if use.action.nargs != "?":
            return []
        const = use.action.const
        return parser._get_value(use.action, const) if _is_text(const) else const
    values = [converted(parser, use.action, text) for text in use.texts]
    return values[0] if use.action.nargs in (None, "?") else values


def _left_out(meant: Meant, space: argparse.Namespace) -> None:
    used = {id(use.action) for use in meant.uses}
    rest = [one for one in meant.parser._actions if id(one) not in used]
    for action in rest:
        if not action.option_strings and action.nargs in ("?", "*", "..."):
            value = _empty(meant.parser, action)
            if value != argparse.SUPPRESS:
                action(meant.parser, space, value, None)
    for action in rest:
        default = action.default
        if _is_text(default) and getattr(space, action.dest, None) is default:
            setattr(space, action.dest, meant.parser._get_value(action, default))


def _empty(parser: argparse.ArgumentParser, action: argparse.Action) -> Any:
    """What a positional without a value gives."""
    if action.nargs == argparse.REMAINDER:
        return []
    if action.nargs == "*":
        return [] if action.default is None else action.default
    default = action.default
    return parser._get_value(action, default) if _is_text(default) else default


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != argparse.SUPPRESS


def shown(space: Any, dests: set[str]) -> str:
    """A namespace as a text that can be compared.

    Args:
        space: the namespace.
        dests: what stands in it; the rest is the bookkeeping of a class of its own.
    """
    items = [(n, _repr(item)) for n, item in vars(space).items() if n in dests]
    return _ADDRESS.sub("0x", repr(sorted(items)))


def dests_of(parser: argparse.ArgumentParser) -> set[str]:
    """What a parser and those below it may put into a namespace."""
    found = {action.dest for action in parser._actions} | set(parser._defaults)
    for action in parser._actions:
        for below in (commands_of(action) or {}).values():
            found |= dests_of(below)
    return found


def _repr(item: Any) -> str:
    try:
        return repr(item)
    except Exception:
        return type(item).__name__
