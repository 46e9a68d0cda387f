"""Read a module's own ``opsdash_form``, and ask the choices that it computes.

The mapping is taken from the running module; where the module was not run, or is past
that line, from its source, if it is a literal there. Choices that come from a function
are asked in a forked copy of this process, all at once and with a time limit: whatever
such a function does, the answer with the parser goes out.
"""

from __future__ import annotations

import ast
import contextlib
import enum
import importlib
import itertools
import json
import os
import re
import select
import signal
import sys
import time
import warnings
from collections.abc import Mapping
from typing import Any, Iterable

from . import plain

NAME = "opsdash_form"
_CHOICES = 2_000
_ENTRIES = 1_000
_DEPTH = 5
_DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*[.:][A-Za-z_]\w*\Z")
_READ = 65_536
_MOST_BYTES = 4 * 1024 * 1024


def told(
    module: str, paths: Iterable[str | None], main: Any, folder: str, limit_s: float
) -> dict[str, Any] | None:
    """What a module says of its form, as data; None where it says nothing.

    Args:
        module: its dotted name.
        paths: its source files, the most telling one first.
        main: the module object that was run, where one was.
        folder: where a run would start: its functions are called there.
        limit_s: how long its functions may take, all together, in seconds.
    """
    try:
        found = _found(module, paths, main)
        if not isinstance(found, Mapping):
            return found if found is None else {"problem": _no_mapping(found)}
        return {"mapping": _asked(_copied(found, 0), folder, limit_s)}
    except Exception as error:
        return {"problem": f"it cannot be read ({_said(error)})"}


def _found(module: str, paths: Iterable[str | None], main: Any) -> Any:
    names = ("__main__", f"{module}.__main__", module)
    for place in (main, *(sys.modules.get(name) for name in names)):
        space = getattr(place, "__dict__", {})
        if NAME in space:
            return space[NAME]
    for path in paths:
        if path and path.endswith(".py"):
            found = _literal(path)
            if found is not None:
                return found
    return None


def _literal(path: str) -> Any:
    """The mapping as a module's source spells it out."""
    try:
        with open(path, "rb") as file:
            source = file.read()
    except OSError:
        return None
    if NAME.encode() not in source:
        return None
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        if any(isinstance(t, ast.Name) and t.id == NAME for t in targets):
            return ast.literal_eval(node.value)  # type: ignore[attr-defined]  # both have one
    return None


def _no_mapping(found: Any) -> str:
    return f"it is {type(found).__name__}, and must be a mapping"


def _said(error: BaseException) -> str:
    text = plain.text(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0][:200]}" if text else type(error).__name__


class _Computed:
    """Choices that a function gives."""

    def __init__(self, source: Any) -> None:
        self.source = source


def _copied(thing: Any, depth: int) -> Any:
    """A mapping as data of our own; functions where choices stand are kept."""
    if depth > _DEPTH:
        return None
    if isinstance(thing, Mapping):
        items = list(itertools.islice(thing.items(), _ENTRIES))
        return {
            plain.text(key): _choices(value)
            if key == "choices"
            else _copied(value, depth + 1)
            for key, value in items
        }
    if isinstance(thing, (list, tuple)):
        return [_copied(item, depth + 1) for item in thing[:_ENTRIES]]
    return plain.value(thing)


def _choices(value: Any) -> Any:
    if isinstance(value, str):
        if _DOTTED.match(value):
            return _Computed(value)
        wanted = "a name such as `package.module:function`"
        return {"problem": f"`{plain.text(value)}` is not {wanted}"}
    if callable(value) and not isinstance(value, enum.EnumMeta):
        return _Computed(value)
    return _listed(value)


def _listed(value: Any) -> dict[str, Any]:
    """Choices as pairs of a value and its label."""
    if isinstance(value, Mapping):
        value = list(itertools.islice(value.items(), _CHOICES + 1))
    try:
        items = list(itertools.islice(iter(value), _CHOICES + 1))
    except TypeError:
        return {"problem": f"{type(value).__name__} is no list of choices"}
    pairs = [_pair(item) for item in items[:_CHOICES]]
    return {"listed": pairs, "more": len(items) > _CHOICES}


def _pair(item: Any) -> list[str]:
    if isinstance(item, enum.Enum):
        return [plain.member_text(item), plain.text(item.name)]
    if isinstance(item, (tuple, list)) and len(item) == 2:
        return [_word(item[0]), _word(item[1])]
    return [_word(item), _word(item)]


def _word(item: Any) -> str:
    shown = plain.value(item)
    return plain.text(item if shown is None else shown)


def _asked(mapping: Any, folder: str, limit_s: float) -> Any:
    """The mapping with its functions' answers in place of the functions."""
    fields = mapping.get("fields")
    if not isinstance(fields, dict):
        return mapping
    computed = [
        (entry, entry["choices"].source)
        for entry in fields.values()
        if isinstance(entry, dict) and isinstance(entry.get("choices"), _Computed)
    ]
    deadline = time.monotonic() + limit_s
    running = [(entry, _Asking(source, folder)) for entry, source in computed]
    for entry, asking in running:
        entry["choices"] = dict(asking.answer(deadline, limit_s), dynamic=True)
    return mapping


class _Asking:
    """One function that is called in a copy of this process."""

    def __init__(self, source: Any, folder: str) -> None:
        self.reading, writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python 3.12 on: threads and fork
            self.pid = os.fork()
        if self.pid == 0:
            _answer_and_leave(source, folder, writing)
        os.close(writing)

    def answer(self, deadline: float, limit_s: float) -> dict[str, Any]:
        """What it said; a problem where it did not, in time."""
        data, late = self._heard(deadline)
        with contextlib.suppress(OSError):
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            os.waitpid(self.pid, 0)
        os.close(self.reading)
        if data.endswith(b"\n"):
            told: dict[str, Any] = json.loads(data)
            return told
        if late:
            return {"problem": f"its function took longer than {limit_s:.2g} s"}
        return {"problem": "its function ended the process"}

    def _heard(self, deadline: float) -> tuple[bytes, bool]:
        data = b""
        while not data.endswith(b"\n") and len(data) < _MOST_BYTES:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([self.reading], [], [], left)[0]:
                return data, True
            part = os.read(self.reading, _READ)
            if not part:
                break
            data += part
        return data, False


def _answer_and_leave(source: Any, folder: str, writing: int) -> None:
    try:
        os.chdir(folder)
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
        data = json.dumps(_call(source)).encode() + b"\n"
        while data:
            data = data[os.write(writing, data) :]
    finally:
        os._exit(0)


def _call(source: Any) -> dict[str, Any]:
    try:
        function = _resolved(source) if isinstance(source, str) else source
        return _listed(function())
    except BaseException as error:
        return {"problem": f"its function failed ({_said(error)})"}


def _resolved(dotted: str) -> Any:
    module, _, name = dotted.replace(":", ".").rpartition(".")
    return getattr(importlib.import_module(module), name)
