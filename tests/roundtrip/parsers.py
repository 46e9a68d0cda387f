"""Random parsers: options, positionals, groups and subcommands, three levels deep."""

from __future__ import annotations

import argparse
import random
from typing import Any

_NAMES = ["-a", "-b", "-v", "-q", "--all", "--also", "--bar", "--list", "--x", "--fo"]
_NAMES += ["--num", "-foo", "-fob", "-1"]
_PLUS_NAMES = ["+a", "++all", "+b", "++list", "+foo"]
_VALUED = ("store", "store", "store", "append", "extend")
_FLAGS = ("store_true", "store_false", "store_const", "count", "append_const", "pair")
_NARGS = (None, None, None, "?", "*", "+", 1, 2, 3, "...")
_POSITIONAL_NARGS = (None, None, "?", "*", "+", 1, 2, "...")
_DEEPEST = 2
_CHOICES = ["a", "b", "-x", "run", ""]


def random_parser(draw: random.Random) -> argparse.ArgumentParser:
    """A parser that argparse takes, however odd."""
    chars = draw.choice(["-", "-", "-", "+-"])
    parser = argparse.ArgumentParser(**_settings(draw, chars))
    _fill(parser, draw, 0, chars)
    return parser


def _settings(draw: random.Random, chars: str) -> dict[str, Any]:
    return {
        "prog": "random",
        "prefix_chars": chars,
        "allow_abbrev": draw.random() < 0.8,
        "fromfile_prefix_chars": "@" if draw.random() < 0.1 else None,
    }


def _fill(
    parser: argparse.ArgumentParser, draw: random.Random, depth: int, chars: str
) -> None:
    makers = [_add_option] * draw.randint(0, 5) + [_add_positional] * draw.randint(0, 3)
    draw.shuffle(makers)
    names = [*_NAMES, *(_PLUS_NAMES if "+" in chars else [])]
    draw.shuffle(names)
    commands = depth < _DEEPEST and draw.random() < 0.4
    place = draw.randint(0, len(makers)) if draw.random() < 0.2 else len(makers)
    group = None
    for number, make in enumerate(makers):
        if commands and number == place:
            _add_commands(parser, draw, depth, chars)
        parent: Any = parser
        if make is _add_option and draw.random() < 0.2:
            if group is None or draw.random() < 0.3:
                needed = draw.random() < 0.5
                group = parser.add_mutually_exclusive_group(required=needed)
            parent = group
        make(parent, draw, f"d{depth}{number}", names)
    if commands and place == len(makers):
        _add_commands(parser, draw, depth, chars)


def _add_commands(
    parser: argparse.ArgumentParser, draw: random.Random, depth: int, chars: str
) -> None:
    commands = parser.add_subparsers(dest=f"command{depth}")
    commands.required = draw.random() < 0.3
    for name, aliases in (("run", ["r"]), ("go", [])):
        below = commands.add_parser(name, aliases=aliases, **_settings(draw, chars))
        _fill(below, draw, depth + 1, chars)


def _add_option(parent: Any, draw: random.Random, dest: str, names: list[str]) -> None:
    strings = [names.pop() for _ in range(draw.choice([1, 1, 2]))]
    dest = f"shared{draw.randint(0, 1)}" if draw.random() < 0.1 else dest
    if draw.random() < 0.35:
        _add_flag(parent, draw, dest, strings)
        return
    action = draw.choice(_VALUED)
    nargs = draw.choice(_NARGS)
    if action == "extend" and nargs in (None, "?"):
        nargs = "+"
    named: dict[str, Any] = {"dest": dest, "action": action, "nargs": nargs}
    kind = draw.choice([None, None, None, int, float])
    if action == "store" and nargs in (None, "?"):
        named["default"] = _default(draw, kind)
        named["required"] = named["default"] is None and draw.random() < 0.1
    elif action != "store" and draw.random() < 0.3:
        named["default"] = ["own"]
    if nargs == "?" and draw.random() < 0.7:
        named["const"] = "7"
    if kind is None and nargs in (None, "+", 2) and draw.random() < 0.15:
        named.update(choices=_CHOICES, default=None)
    if named.pop("required", False) and isinstance(parent, argparse.ArgumentParser):
        named["required"] = True
    parent.add_argument(*strings, type=kind, **named)


def _default(draw: random.Random, kind: Any) -> Any:
    if kind is None:
        return draw.choice([None, None, "own", "v5", 5, argparse.SUPPRESS])
    return draw.choice([None, "5", kind(5), argparse.SUPPRESS])


def _add_flag(parent: Any, draw: random.Random, dest: str, strings: list[str]) -> None:
    action: Any = draw.choice(_FLAGS)
    named: dict[str, Any] = {}
    if action == "pair":
        action = "store_true"
        if any(option.startswith("--") for option in strings):
            action = argparse.BooleanOptionalAction
            named["default"] = draw.choice([None, True, False])
    elif action in ("store_const", "append_const"):
        named["const"] = draw.choice(["K", 3])
        dest = f"{dest}{'s' if action == 'append_const' else ''}"
    elif action == "count":
        dest, named["default"] = f"{dest}n", draw.choice([None, 0, 2])
    parent.add_argument(*strings, dest=dest, action=action, **named)


def _add_positional(
    parent: Any, draw: random.Random, dest: str, names: list[str]
) -> None:
    nargs = draw.choice(_POSITIONAL_NARGS)
    kind = draw.choice([None, None, int])
    named: dict[str, Any] = {}
    if nargs == "?":
        named["default"] = draw.choice([None, 5] if kind else [None, "own", 5])
    elif nargs == "*" and draw.random() < 0.3:
        named["default"] = [1, 2]
    parent.add_argument(dest, nargs=nargs, type=kind, **named)
