"""Get hold of a module's own parser, in its own interpreter (Python 3.8 and newer)."""

from __future__ import annotations

import argparse
import os
import runpy
import signal
import sys
from typing import Any, Callable

_METHODS = ("print_help", "format_help", "error", "exit", "parse_known_args")
_TIME_S = 60
_DEPTH = 4


class _Caught(BaseException):
    """Leaves the module where it would show its help."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


def parser_of(module: str, argv: list[str]) -> argparse.ArgumentParser | None:
    """The fullest parser that a module shows when it is run so."""
    saved: dict[str, Any] = {
        name: getattr(argparse.ArgumentParser, name) for name in _METHODS
    }
    on_help = argparse._HelpAction.__call__
    seen: list[argparse.ArgumentParser] = []
    _patch(saved["parse_known_args"], seen)
    try:
        seen += _run(module, argv)
    finally:
        for name, method in saved.items():
            setattr(argparse.ArgumentParser, name, method)
        argparse._HelpAction.__call__ = on_help  # type: ignore[method-assign] # ours
    return max(reversed(seen), key=size) if seen else None


def _patch(original: Callable[..., Any], seen: list[argparse.ArgumentParser]) -> None:
    def caught(parser: argparse.ArgumentParser, *_: Any, **__: Any) -> None:
        raise _Caught(parser)

    def parse(parser: argparse.ArgumentParser, *args: Any, **named: Any) -> Any:
        seen.append(parser)
        return original(parser, *args, **named)

    replaced: Any = argparse.ArgumentParser
    for name in ("print_help", "error", "exit"):
        setattr(replaced, name, caught)
    replaced.parse_known_args = parse
    helping: Any = argparse._HelpAction
    helping.__call__ = lambda action, parser, *rest: caught(parser)


def _run(module: str, argv: list[str]) -> list[argparse.ArgumentParser]:
    sys.argv[:] = [module, *argv]
    sys.path.insert(0, os.getcwd())
    signal.alarm(_TIME_S)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except _Caught as caught:
        return [caught.parser]
    except BaseException:
        return []
    finally:
        signal.alarm(0)
    return []


def size(parser: argparse.ArgumentParser, depth: int = 0) -> int:
    """How many arguments a parser and those below it have."""
    total = 0
    for action in parser._actions:
        inner = commands_of(action)
        if inner is None:
            total += 1
        elif depth < _DEPTH:
            distinct = {id(one): one for one in inner.values()}.values()
            total += sum(1 + size(one, depth + 1) for one in distinct)
    return total


def commands_of(action: argparse.Action) -> dict[str, argparse.ArgumentParser] | None:
    """The subcommands that an action chooses among; None where it chooses none."""
    if isinstance(action, argparse._SubParsersAction):
        return dict(action._name_parser_map)
    return None
