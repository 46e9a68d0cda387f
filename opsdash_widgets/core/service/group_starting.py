"""Starting the runs of groups: each once, in order, no more at a time than allowed."""

from __future__ import annotations

import contextlib
import errno
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path

import msgspec

from .. import rundir
from ..errors import (
    GroupError,
    GroupNotFound,
    LaunchError,
    OpsdashError,
    RunGone,
    RunUnreadable,
    StopError,
    StoreError,
)
from ..groups import GroupFiles
from ..model import RunGroup
from ..ports import Executor
from ..rundir import processes
from .group_secrets import KnownSecrets
from .reading import read_run
from .syncing import Registry

LOOK_AGAIN_S = 1.0
"""How often the active runs are judged whole: some are lost without a record."""
AFTER_TROUBLE_S = 1.0
"""How long to wait after a supervisor could not be started."""
SOON_S = 0.2
"""How long to wait for the turn: somebody else is starting runs meanwhile."""

AT_A_TIME = 20
"""How many runs of a stopped group are ended in one turn."""

_PASSING = (errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.ENOSPC)
"""What keeps a supervisor from being started for a while, and not for good."""


class Starter:
    """Starts what waits in every group of a home, for one session.

    Args:
        files: the groups' records.
        runs_dir: where the run directories are.
        executor: what starts supervisors.
        registry: hears of every start.
        secrets: the secret values that this session knows.
    """

    def __init__(
        self,
        files: GroupFiles,
        runs_dir: Path,
        executor: Executor,
        registry: Registry,
        secrets: KnownSecrets,
    ) -> None:
        self._files = files
        self._runs_dir = runs_dir
        self._executor = executor
        self._registry = registry
        self._secrets = secrets
        self._over: set[str] = set()
        self._changed: list[Path] = []
        self._lines: dict[str, _Line] = {}
        self._folder_seen: object = None
        self._wait_until = 0.0

    def step(self) -> bool:
        """Start whatever may be started now; whether anything waits that we may start.

        Raises:
            GroupError: the records cannot be read or written.
        """
        if time.monotonic() < self._wait_until:
            return True
        try:
            with self._files.turn(SOON_S):
                self._read_records()
                for line in list(self._lines.values()):
                    self._serve(line)
        except LaunchError:
            self._wait_until = time.monotonic() + AFTER_TROUBLE_S
        self._tell_registry()
        return any(line.waiting for line in self._lines.values())

    def has_news(self) -> bool:
        """Whether a step may have something to do: a run's end, a record's change."""
        if time.monotonic() < self._wait_until:
            return False
        return self._folder_seen != self._files.folder_version() or any(
            line.has_room() for line in self._lines.values()
        )

    def _read_records(self) -> None:
        seen = self._files.folder_version()
        if seen == self._folder_seen:
            return
        groups = list(self._files.all(without=self._over))
        self._over |= {group.group_id for group in groups if group.drained}
        self._lines = {
            group.group_id: self._line(group)
            for group in groups
            if self._is_ours(group)
        }
        # Two changes within one tick of the file system's clock leave one time.
        self._folder_seen = seen if self._files.is_settled() else None

    def _is_ours(self, group: RunGroup) -> bool:
        """Whether there may be something of a group that we can start, or end."""
        if group.drained or group.group_id in self._over:
            return False
        if group.stopped_by:
            return True
        return not group.paused and (
            not group.holder or self._secrets.knows(group.group_id)
        )

    def _line(self, group: RunGroup) -> _Line:
        line = self._lines.get(group.group_id) or _Line(group, self._runs_dir)
        line.group = group
        return line

    def _serve(self, line: _Line) -> None:
        """Start what one group may have started, and note when nothing waits."""
        if line.group.stopped_by:
            self._end_waiting(line)
        else:
            line.look()
            while line.waiting and len(line.active) < line.group.limit:
                self._start_next(line)
        if not line.waiting:
            self._lines.pop(line.group.group_id, None)
            change = {"drained": True, "paused": False, "reason": ""}
            self._write(line.group, change)

    def _tell_registry(self) -> None:
        """What has begun or ended: after the turn, so that nobody waits for it."""
        changed, self._changed = self._changed, []
        runs = []
        for path in changed:
            with contextlib.suppress(OpsdashError):
                runs.append(read_run(path))
        with contextlib.suppress(StoreError):  # the next sync sees them
            self._registry.add(*runs)

    def _start_next(self, line: _Line) -> None:
        """Start the first that waits, unless somebody else has.

        Raises:
            LaunchError: there is no process or no memory for it now.
        """
        run_id = line.waiting[0]
        path = line.path(run_id)
        try:
            lock = None if line.has_ended(run_id) else rundir.take_turn(path)
            if lock is not None:
                self._submit(path, lock)
            if not line.has_ended(run_id):
                line.active.add(run_id)
        except RunGone:
            pass
        except RunUnreadable as error:
            raise LaunchError(error.message, error.next_step) from error
        except LaunchError as error:
            if _passes(error):
                raise
            self._end(path, error)
        line.waiting.popleft()

    def _submit(self, path: Path, lock: int) -> None:
        try:
            spec = rundir.read_spec(path)
            secrets = self._secrets.of(spec)
            if secrets is None:
                names = ", ".join(spec.secret_names)
                raise LaunchError(
                    f"The secret values of {names} are not known here.",
                    "Launch it again where they are.",
                )
        except BaseException:
            rundir.drop_turn(lock)
            raise
        self._executor.submit(path, spec, lock, secrets.arguments, secrets.variables)
        self._changed.append(path)

    def _end(self, path: Path, error: LaunchError) -> None:
        """Say of a run that can never be started why it cannot."""
        with contextlib.suppress(OpsdashError):
            rundir.end_unstartable(path, f"{error.message} {error.next_step}")
            self._changed.append(path)

    def _end_waiting(self, line: _Line) -> None:
        """Finish what a stop has begun; whoever stopped it may be at it, too."""
        for _ in range(min(len(line.waiting), AT_A_TIME)):
            path = line.path(line.waiting[0])
            with contextlib.suppress(RunGone, RunUnreadable, StopError):
                if rundir.end_before_start(path, by=line.group.stopped_by):
                    self._changed.append(path)
            line.waiting.popleft()

    def _write(self, group: RunGroup, change: Mapping[str, object]) -> None:
        with contextlib.suppress(GroupError, GroupNotFound):
            now = self._files.read(group.group_id)
            boot = processes.boot_id()
            new = msgspec.structs.replace(now, starter_boot=boot, **change)
            if new != now:
                self._files.write(new)


class _Line:
    """The runs of one group: those that wait, in order, and those that run."""

    def __init__(self, group: RunGroup, runs_dir: Path) -> None:
        self.group = group
        self.waiting = deque(run.run_id for run in group.runs)
        self.active: set[str] = set()
        self._runs_dir = runs_dir
        self._looked = 0.0

    def path(self, run_id: str) -> Path:
        """Its run directory."""
        return rundir.run_dir_path(self._runs_dir, run_id)

    def has_ended(self, run_id: str) -> bool:
        """Whether a run has an exit record; a look that costs microseconds."""
        return (self.path(run_id) / "exit.json").exists()

    def has_room(self) -> bool:
        """Whether one more may be started, as far as a quick look tells."""
        if not self.waiting:
            return False
        if len(self.active) < self.group.limit or self._is_late():
            return True
        return any(map(self.has_ended, self.active))

    def look(self) -> None:
        """Find out which of the active runs have ended, one way or another."""
        late = self._is_late()
        for run_id in list(self.active):
            if self.has_ended(run_id) or (late and self._is_over(run_id)):
                self.active.discard(run_id)
        if late:
            self._looked = time.monotonic()

    def _is_late(self) -> bool:
        return time.monotonic() - self._looked > LOOK_AGAIN_S

    def _is_over(self, run_id: str) -> bool:
        try:
            return rundir.read_verdict(self.path(run_id)).state.is_terminal
        except FileNotFoundError:
            return True
        except OSError:
            return False


def _passes(error: LaunchError) -> bool:
    """Whether what kept a run from being started may pass."""
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in _PASSING
