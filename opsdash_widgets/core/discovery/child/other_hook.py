"""Leave a module that reads its arguments with a library that shows no list of them.

The source told of another parser, or left it open; nothing more can be learned by
going on, and the module's real work could begin.
"""

from __future__ import annotations

from typing import Any, Callable, Dict

from . import reading
from .on_import import Then

Leave = Callable[[Dict[str, Any]], None]

_ENTRIES = {
    "fire.core": ("fire", ("Fire",)),
    "absl.app": ("absl.flags", ("run",)),
    "docopt": ("docopt", ("docopt",)),
    "cyclopts.core": ("cyclopts", ("App.__call__", "App.parse_args")),
    "cleo.application": ("cleo", ("Application.run",)),
    "optparse": ("optparse", ("OptionParser.parse_args",)),
    "plumbum.cli.application": ("plumbum.cli", ("Application.run",)),
}
"""Module -> the library's name, and what reads the arguments in it."""


def wanted(leave: Leave) -> dict[str, Then]:
    """What to do with each of the libraries as it is imported."""
    return {name: _patcher(*entry, leave) for name, entry in _ENTRIES.items()}


def _patcher(library: str, entries: tuple[str, ...], leave: Leave) -> Then:
    kind = reading.FIRE if library == "fire" else reading.PLAIN

    def told(*args: Any, **named: Any) -> None:
        leave({"status": "no parser", "kind": kind, "library": library})

    def patch(module: Any) -> None:
        for entry in entries:
            owner, _, name = entry.rpartition(".")
            target = getattr(module, owner, None) if owner else module
            if target is not None and hasattr(target, name):
                setattr(target, name, told)

    return patch
