"""What the parser of a command line is at run time, without any code of ours.

As a script, in the Python of the command line: ``truth.py ANSWER MODULE [ARGV …]``
runs the module as ``python -m`` would, notes every parser that parses or shows help,
and writes the fullest of them as JSON when the module is about to end.
"""

from __future__ import annotations

import argparse
import json
import os
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_WAYS = (("--help",), ("-h",), ())
_LONGEST_S = 60
_LISTED = 5_000


def truth(module: str, interpreter: str, folder: str) -> dict[str, Any] | None:
    """The parser of ``python -m module`` as data; None where it shows none.

    Args:
        module: as after ``python -m``.
        interpreter: the Python to ask.
        folder: an empty folder to run in, which is its home too.
    """
    found = None
    for argv in _WAYS:
        told = _run(module, interpreter, folder, argv)
        if told is not None and told["asked"]:
            return told
        found = found or told
    return found


def environment(folder: str) -> dict[str, str]:
    """The variables that differ from ours."""
    return {"HOME": folder, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


def _run(
    module: str, interpreter: str, folder: str, argv: tuple[str, ...]
) -> dict[str, Any] | None:
    with tempfile.TemporaryDirectory() as place:
        answer = Path(place, "answer")
        subprocess.run(
            [interpreter, str(Path(__file__).resolve()), str(answer), module, *argv],
            cwd=folder,
            env={**os.environ, **environment(folder)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_LONGEST_S,
            check=False,
        )
        if not answer.exists():
            return None
        told: dict[str, Any] | None = json.loads(answer.read_text("utf-8"))
        return told


class _Witness:
    """Notes parsers, and says what the fullest of them is."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.owner = os.getpid()
        self.seen: list[argparse.ArgumentParser] = []
        self.asked = False
        self.full = False

    def watch(self) -> None:
        for name in ("parse_args", "parse_known_args", "print_help", "format_help"):
            self._note_calls(name)
        self._note_the_help_action()
        leave = os._exit

        def leave_at_once(code: int) -> None:
            os._exit = leave  # type: ignore[assignment]
            self.tell()
            leave(code)

        os._exit = leave_at_once  # type: ignore[assignment]

    def _note_calls(self, name: str) -> None:
        original = getattr(argparse.ArgumentParser, name)

        def noted(parser: Any, *args: Any, **named: Any) -> Any:
            if not self.full and not any(parser is known for known in self.seen):
                self.seen.append(parser)
            self.asked = self.asked or name.endswith("_help")
            return original(parser, *args, **named)

        setattr(argparse.ArgumentParser, name, noted)

    def _note_the_help_action(self) -> None:
        """What is made to show help (unittest has a second parser) is not asked."""
        original: Any = argparse._HelpAction.__call__

        def called(action: Any, parser: Any, *rest: Any, **named: Any) -> None:
            self.full = True
            original(action, parser, *rest, **named)

        argparse._HelpAction.__call__ = called  # type: ignore[method-assign]

    def tell(self) -> None:
        if os.getpid() != self.owner or not self.seen:
            return
        data = {**_parser(max(self.seen, key=_size)), "asked": self.asked}
        Path(self.answer).write_text(json.dumps(data), encoding="utf-8")


def _size(parser: Any) -> int:
    below = [p for a in parser._actions for p in _inner(a)]
    return len(parser._actions) + sum(_size(inner) for inner in below)


def _inner(action: Any) -> list[Any]:
    if not isinstance(action, argparse._SubParsersAction):
        return []
    return list({id(p): p for p in action._name_parser_map.values()}.values())


def _parser(parser: Any) -> dict[str, Any]:
    places: dict[int, int] = {}
    for place, action in enumerate(parser._actions):
        places.setdefault(id(action), place)
    return {
        "description": parser.description,
        "epilog": parser.epilog,
        "prefix_chars": parser.prefix_chars,
        "actions": [_action(parser, action) for action in parser._actions],
        "groups": [
            [g.title, g.description, [places[id(a)] for a in g._group_actions]]
            for g in parser._action_groups
        ],
        "exclusive": [
            [g.required, [places[id(a)] for a in g._group_actions]]
            for g in parser._mutually_exclusive_groups
        ],
    }


def _action(parser: Any, action: Any) -> dict[str, Any]:
    commands = None
    if isinstance(action, argparse._SubParsersAction):
        commands = _commands(action)
    try:
        expanded = argparse.HelpFormatter(parser.prog)._expand_help(action)
    except Exception:  # noqa: BLE001 - a help text may be broken
        expanded = action.help
    kind = action.type
    if kind is not None:
        kind = parser._registry_get("type", kind, kind)
    return {
        "option_strings": list(action.option_strings),
        "dest": action.dest,
        "nargs": action.nargs,
        "const": _value(action.const),
        "default": _value(action.default),
        "type": None
        if kind is None
        else getattr(kind, "__name__", type(kind).__name__),
        "choices": None if commands is not None else _choices(action.choices),
        "required": action.required,
        "help": action.help,
        "expanded": None if action.help is None else expanded,
        "metavar": _value(action.metavar),
        "commands": commands,
    }


def _commands(action: Any) -> list[dict[str, Any]]:
    helps = {one.dest: one.help for one in action._choices_actions}
    found: dict[int, dict[str, Any]] = {}
    for name, inner in action._name_parser_map.items():
        if id(inner) in found:
            found[id(inner)]["aliases"].append(name)
            continue
        found[id(inner)] = {
            "name": name,
            "aliases": [],
            "help": helps.get(name),
            "parser": _parser(inner),
        }
    return list(found.values())


def _choices(choices: Any) -> list[str] | None:
    if choices is None or len(list(choices)) > _LISTED:
        return None
    return [str(choice) for choice in choices]


def _value(value: Any) -> Any:
    if value is None or type(value) in (bool, int, float, str):
        return value
    if type(value) in (list, tuple):
        if any(type(item) in (list, tuple, dict, set) for item in value):
            return {"repr": repr(value)}
        items = [_value(item) for item in value]
        return {"repr": repr(value)} if any(type(i) is dict for i in items) else items
    return {"repr": repr(value)}


def _main(answer: str, module: str, argv: list[str]) -> None:
    sys.path[0] = str(Path.cwd())
    witness = _Witness(answer)
    witness.watch()
    sys.argv[:] = [module, *argv]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        witness.tell()
        os._exit(0)  # whatever threads there are


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2], sys.argv[3:])
