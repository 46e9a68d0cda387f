"""Keeping the registry true to the run directories."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from ..errors import RunGone, RunUnreadable, StoreError
from ..model import Run, RunState
from ..ports import RunStore
from .reading import DOUBTFUL, differs, gone, read_run

SETTLED_NS = 2_000_000_000
"""Two directories made within one tick of a file system's clock leave one time."""

QUEUED = 100
"""Runs that wait of which the directories are read at one look."""

DOUBTED_S = 60.0
"""How long a run that was found lost is read again: who ends what it left may learn how
it ended."""

BATCH = 500
"""Runs put into the registry in one transaction when it is rebuilt."""


class Registry:
    """The store and the folder of run directories that it is a cache of.

    Attributes:
        orphans: the runs that had no supervisor at the last sync.
        ended: the runs that were seen to have ended; whoever looks after them empties
            it.
    """

    def __init__(self, store: RunStore, runs_dir: Path) -> None:
        self.store = store
        self.orphans: list[Run] = []
        self.ended: list[Run] = []
        self._runs_dir = runs_dir
        self._known: set[str] | None = None
        self._folder_seen = 0
        self._queued_seen = ""
        self._notice = store.notice
        self._unreported: set[str] = set()
        self._doubted: dict[str, tuple[Run, float]] = {}
        self._guard = threading.Lock()
        self._putting = threading.Lock()

    def sync(self) -> tuple[str, ...]:
        """Read what may have changed; the ids of the rows that did since last time."""
        with self._guard:
            olds = (*self.store.active(), *self._some_queued(), *self._lately_lost())
            news = [self._read_again(old) for old in olds]
            changed = [
                new for old, new in zip(olds, news, strict=True) if differs(old, new)
            ]
            found = self._new_ones()
            changed += found
            self.orphans = [
                run for run in (*news, *found) if run.verdict.state is RunState.ORPHANED
            ]
            self.ended += [run for run in changed if run.is_terminal]
            self._doubt(changed)
            try:
                for start in range(0, len(changed), BATCH):
                    self._put(changed[start : start + BATCH])
            except StoreError:
                self._known, self._folder_seen = None, 0  # look at all of them again
                raise
            ids = dict.fromkeys(run.run_id for run in changed)
            ids |= dict.fromkeys(self._unreported)
            self._unreported.clear()
            return tuple(ids)

    def add(self, *runs: Run) -> None:
        """Put runs that were just launched or read."""
        for start in range(0, len(runs), BATCH):
            self._put(runs[start : start + BATCH])
        with self._guard:
            self._unreported |= {run.run_id for run in runs}
            if self._known is not None:
                self._known |= {run.run_id for run in runs}

    def read_again(self, old: Run) -> Run:
        """A run as its directory tells it now; the row is updated where it differs.

        A registry that cannot be written (a full disk) keeps nobody from seeing it, or
        from stopping it: the next look writes what this one could not.
        """
        run = self._read_again(old)
        if differs(old, run):
            with contextlib.suppress(StoreError):
                self._put([run])
            with self._guard:
                self._unreported.add(run.run_id)
                self._doubt([run])
                self.ended += [run] if run.is_terminal and not old.is_terminal else []
        return run

    def read_new(self, run_dir: Path) -> Run:
        """The same, of a run that the registry does not know."""
        run = read_run(run_dir)
        with contextlib.suppress(StoreError):
            self.add(run)
        return run

    def _put(self, runs: Sequence[Run]) -> None:
        """Put runs, but never over an end what was read before it."""
        with self._putting:
            self.store.put(
                [run for run in runs if run.is_terminal or not self._has_ended(run)]
            )

    def _has_ended(self, run: Run) -> bool:
        known = self.store.get(run.run_id)
        return known is not None and known.verdict.outcome not in DOUBTFUL

    def _read_again(self, old: Run) -> Run:
        try:
            return read_run(Path(old.run_dir), old)
        except RunGone:
            return gone(old)
        except RunUnreadable:  # what cannot be read now has not changed
            return old

    def _some_queued(self) -> list[Run]:
        """The next of the runs that wait: thousands are not read again at every look.

        Whoever starts one says so in the registry, but not in one kept in memory.
        """
        found = self.store.queued(self._queued_seen, QUEUED)
        self._queued_seen = found[-1].run_id if len(found) == QUEUED else ""
        return found

    def _doubt(self, runs: Sequence[Run]) -> None:
        until = time.monotonic() + DOUBTED_S
        for run in runs:
            if run.is_terminal and run.verdict.outcome in DOUBTFUL:
                self._doubted[run.run_id] = run, until
            else:
                self._doubted.pop(run.run_id, None)

    def _lately_lost(self) -> list[Run]:
        now = time.monotonic()
        for run, until in list(self._doubted.values()):
            if now >= until:
                del self._doubted[run.run_id]
        return [run for run, _ in self._doubted.values()]

    def _new_ones(self) -> list[Run]:
        """Runs whose directories are there, but not their rows."""
        if self.store.notice != self._notice:  # it was replaced: fill it again
            self._notice = self.store.notice
            self._known, self._folder_seen = None, 0
        try:
            seen = self._runs_dir.stat().st_mtime_ns
        except OSError:
            return []
        settled = time.time_ns() - seen > SETTLED_NS
        if seen == self._folder_seen and settled:
            return []
        if self._known is None:
            self._known = self.store.ids()
        try:
            paths = list(self._runs_dir.iterdir())
        except OSError:  # out of file descriptors, say: the next look finds them
            return []
        found, unread = [], False
        for path in paths:
            if path.name.startswith(".") or path.name in self._known:
                continue
            self._known.add(path.name)
            try:
                found.append(read_run(path))
            except RunGone:
                continue  # not a run directory: ``opsdash doctor`` names it
            except RunUnreadable as error:
                if not isinstance(error.__cause__, PermissionError):
                    self._known.discard(path.name)
                    unread = True
        self._folder_seen = 0 if unread else seen
        return found
