"""Collects where a run comes from while the rest of its launch is prepared."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from .git import git_state
from .interpreter import Place, interpreter_state
from .records import GitState, Interpreter, Packages, Provenance

T = TypeVar("T")

MOST_S = 2.5
"""How long a launch waits at most: a folder may lie on a disk that does not answer."""

_INSTALLED = re.compile(r"/(?:site|dist)-packages/|/lib(?:64)?/(?:python|pypy)[\d.]+/")
"""What lies there is not part of a repository that the folder may lie in."""


class Collecting:
    """The provenance of a run, collected from now on in the background.

    Args:
        interpreter: absolute path of the run's Python.
        cwd: its working folder.
        variables: environment variables over our own.
        home: the home folder.
        source: gives the file of the run's module; empty where it is not known.
    """

    def __init__(
        self,
        *,
        interpreter: str,
        cwd: str,
        variables: Mapping[str, str],
        home: Path,
        source: Callable[[], str],
    ) -> None:
        place = Place(cwd, variables, home)
        unknown = (Interpreter(path=interpreter), Packages())
        self._git = _Background(lambda: _git_of(source(), cwd), None)
        self._python = _Background(
            lambda: interpreter_state(interpreter, place), unknown
        )

    def result(self) -> dict[str, Any]:
        """What ``RunSpec.provenance`` holds; what is not known in time is left out."""
        deadline = time.monotonic() + MOST_S
        git: GitState | None = self._git.result(deadline)
        interpreter, packages = self._python.result(deadline)
        found = Provenance(git=git, interpreter=interpreter, packages=packages)
        return dict(msgspec.to_builtins(found))


def _git_of(source: str, cwd: str) -> GitState | None:
    """The repository of a module's file, else that of the working folder."""
    own = source and not _INSTALLED.search(source)
    found = git_state(Path(source).parent) if own else None
    return found or git_state(Path(cwd))


class _Background(Generic[T]):
    """A piece of work in a thread of its own, which nobody has to wait for."""

    def __init__(self, work: Callable[[], T], otherwise: T) -> None:
        self._work = work
        self._found = otherwise
        self._thread = threading.Thread(
            target=self._run, name="opsdash-provenance", daemon=True
        )
        with contextlib.suppress(RuntimeError):  # no more threads: it stays unknown
            self._thread.start()

    def result(self, deadline: float) -> T:
        """What was found, or what stands for it where there was not the time."""
        if self._thread.ident is not None:
            self._thread.join(max(0.0, deadline - time.monotonic()))
        return self._found

    def _run(self) -> None:
        self._found = self._work()
