"""Decide from the source alone how a module takes its arguments."""

from __future__ import annotations

import os
import re
from typing import Sequence

from . import reading
from .locate import Located
from .reach import reached
from .reading import Reading


def decide(
    name: str, found: Located, paths: Sequence[str], first: Reading | None = None
) -> Reading:
    """How a located module takes its arguments.

    Args:
        name: its dotted name.
        found: where it was located; its path must not be empty.
        paths: where what it imports is looked for.
        first: what reading its text alone gave, where that is known already.
    """
    return judge(name, found, paths, first)[0]


def judge(
    name: str, found: Located, paths: Sequence[str], first: Reading | None = None
) -> tuple[Reading, bool]:
    """The same, and whether there may be a parser that the source does not show."""
    if not found.path.endswith(".py"):
        return Reading(reading.PLAIN), True
    read = first or reading.read_file(found.path, runnable=_is_run(found))
    if not read.title and found.init:
        read = read._replace(title=_title(found.init))
    if read.kind in (reading.BROKEN, reading.NOT_RUNNABLE):
        return read, False
    answer = reached(found.path, name, found.is_package, paths)
    if answer.kind is not None:
        return read._replace(kind=answer.kind), False
    if answer.unsure:
        return read, read.kind == reading.PLAIN
    return read._replace(kind=reading.PLAIN), False


def quickly(name: str, found: Located, roots: Sequence[str]) -> Reading:
    """The same for a listing of many: imports are followed in the project only.

    Only a module without a parser in its own text is followed, and only where it
    imports from its own package; all others are judged by their text.
    """
    read = reading.read_file(found.path, runnable=_is_run(found))
    if not read.title and found.init:
        read = read._replace(title=_title(found.init))
    if read.kind != reading.PLAIN or not _imports_own(name, found.path):
        return read
    answer = reached(found.path, name, found.is_package, roots, own_only=True)
    return read._replace(kind=answer.kind or read.kind)


def _is_run(found: Located) -> bool:
    """Whether the file is there to be run: a ``__main__``, by either of its names."""
    return found.is_package or os.path.basename(found.path) == "__main__.py"


def _imports_own(name: str, path: str) -> bool:
    root = re.escape(name.partition(".")[0])
    own = re.compile(rf"^\s*(?:from|import)\s+(?:\.|{root}\b)", re.MULTILINE)
    with open(path, encoding="utf-8", errors="replace") as source:
        return own.search(source.read()) is not None


def _title(path: str) -> str:
    if not os.path.isfile(path):
        return ""
    return reading.read_file(path, known_good=True).title
