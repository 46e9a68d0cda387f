"""Keeping the registry true to the run directories."""

from __future__ import annotations

import threading
from pathlib import Path

from ..errors import RunGone
from ..model import Run
from ..ports import RunStore
from .reading import differs, gone, read_run

BATCH = 500
"""Runs put into the registry in one transaction when it is rebuilt."""


class Registry:
    """The store and the folder of run directories that it is a cache of."""

    def __init__(self, store: RunStore, runs_dir: Path) -> None:
        self.store = store
        self._runs_dir = runs_dir
        self._known: set[str] | None = None
        self._folder_seen = 0
        self._notice = store.notice
        self._guard = threading.Lock()

    def sync(self) -> tuple[str, ...]:
        """Read what may have changed; the ids of the rows that did."""
        with self._guard:
            changed = [
                run
                for old in self.store.active()
                if differs(old, run := self._read_again(old))
            ]
            changed += self._new_ones()
            for start in range(0, len(changed), BATCH):
                self.store.put(changed[start : start + BATCH])
            return tuple(run.run_id for run in changed)

    def add(self, run: Run) -> None:
        """Put a run that was just launched or read."""
        self.store.put([run])
        with self._guard:
            if self._known is not None:
                self._known.add(run.run_id)

    def read_again(self, old: Run) -> Run:
        """A run as its directory tells it now; the row is updated where it differs."""
        run = self._read_again(old)
        if differs(old, run):
            self.store.put([run])
        return run

    def _read_again(self, old: Run) -> Run:
        try:
            return read_run(Path(old.run_dir), old)
        except RunGone:
            return gone(old)

    def _new_ones(self) -> list[Run]:
        """Runs whose directories are there, but not their rows."""
        if self.store.notice != self._notice:  # it was replaced: fill it again
            self._notice = self.store.notice
            self._known, self._folder_seen = None, 0
        try:
            seen = self._runs_dir.stat().st_mtime_ns
        except OSError:
            return []
        if seen == self._folder_seen:
            return []
        if self._known is None:
            self._known = self.store.ids()
        found = []
        for path in self._runs_dir.iterdir():
            if path.name.startswith(".") or path.name in self._known:
                continue
            self._known.add(path.name)
            try:
                found.append(read_run(path))
            except RunGone:
                continue  # not a run directory: ``opsdash doctor`` names it
        self._folder_seen = seen
        return found
