"""The ladder of a stop: ask, wait, terminate, wait, freeze and kill.

Each rung is appended to ``ladder.jsonl`` so that every view can show it.
"""

from __future__ import annotations

import os
import time

from . import cgroup, process, records
from .process import signal

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from collections.abc import Callable

    from .control import ControlFile, Request

ASK, TERMINATE, KILL = "ask", "terminate", "kill"

FREEZE_ROUNDS = 20
"""A tree that still forks after so many rounds of SIGSTOP is killed as it is."""

WRITER_PATIENCE_S = 2.0
"""How long a session that writes ``control.json`` may hold up SIGTERM."""


class Tree:
    """Every process of a run: all below one process, and its cgroup's members.

    Attributes:
        leader: the caller's own child that leads a process group and is not reaped yet,
            or 0. It is what can be signalled where there is no ``/proc``.
    """

    def __init__(self, above: int, cgroup_path: str | None) -> None:
        self._above = above
        self._cgroup = cgroup_path
        self.leader = 0

    def members(self) -> set[tuple[int, int]]:
        """(pid, start ticks) of all that lives."""
        found = set(process.descendants(self._above))
        for pid in cgroup.members(self._cgroup) if self._cgroup else ():
            ticks = process.start_ticks(pid)
            if ticks is not None and not process.is_zombie(pid):
                found.add((pid, ticks))
        return found

    def terminate(self) -> None:
        """SIGTERM and SIGCONT to all: a stopped process never acts on SIGTERM alone."""
        members = self.members()
        for pid, ticks in members:
            process.send(pid, ticks, signal.SIGTERM)
            process.send(pid, ticks, signal.SIGCONT)
        if not members:
            self._signal_group(signal.SIGTERM, signal.SIGCONT)

    def kill(self) -> int:
        """Freeze all, so that none can fork away, then SIGKILL all."""
        frozen: set[tuple[int, int]] = set()
        for _ in range(FREEZE_ROUNDS):
            new = self.members() - frozen
            if not new:
                break
            for pid, ticks in new:
                process.send(pid, ticks, signal.SIGSTOP)
            frozen |= new
        if self._cgroup:
            cgroup.kill(self._cgroup)
        for pid, ticks in frozen:
            process.send(pid, ticks, signal.SIGKILL)
        if not frozen:
            self._signal_group(signal.SIGKILL)
        return len(frozen)

    def _signal_group(self, *numbers: int) -> None:
        for number in numbers if self.leader else ():
            try:
                os.killpg(self.leader, number)
            except OSError:  # it has ended meanwhile
                return


class Ladder:
    """Climbs one rung at a time, as time passes or a user skips ahead.

    Args:
        dir_fd: the run directory.
        tree: what is stopped.
        control: whose writers are kept out while it is decided that a stop is meant.
        asked: what is asked of the run now.
    """

    def __init__(
        self,
        dir_fd: int,
        tree: Tree,
        control: ControlFile,
        asked: Callable[[], Request],
    ) -> None:
        self._dir_fd = dir_fd
        self._tree = tree
        self._control = control
        self._asked = asked
        self._due = 0.0
        self.rung = ""
        self.asked_by = ""

    def climb(self) -> None:
        """Climb as far as the requests and the clock ask for."""
        request = self._asked()
        if not request.stop and self.rung in ("", ASK):
            self.rung = self.asked_by = ""  # withdrawn before anything was signalled
            return
        now = time.monotonic()
        if self.rung in ("", ASK):  # a stop may be withdrawn and asked for anew
            self.asked_by = request.by
        if not self.rung:
            self._reach(ASK, 0)
            self._due = now + request.ask_s
        if request.kill:
            self._kill()
        elif self.rung == ASK and now >= self._due:
            self._terminate(now)
        elif self.rung in (TERMINATE, KILL) and now >= self._due:
            self._kill()

    def _terminate(self, now: float) -> None:
        """Send SIGTERM, unless the stop is being withdrawn at this moment."""
        if not self._control.hold() and now < self._due + WRITER_PATIENCE_S:
            return
        try:
            request = self._asked()
            if request.stop:  # noted first: whoever reads the rung knows it is too late
                self._reach(TERMINATE, len(self._tree.members()))
                self._tree.terminate()
                self._due = now + request.grace_s
        finally:
            self._control.release()

    def _kill(self) -> None:
        # Again and again until all are gone: what was just forked dies next time.
        count = self._tree.kill()
        if self.rung != KILL:
            self._reach(KILL, count)

    def _reach(self, rung: str, signalled: int) -> None:
        self.rung = rung
        line = {"rung": rung, "at": time.time(), "signalled": signalled}
        try:
            fd = records.open_append(self._dir_fd, "ladder.jsonl")
        except OSError:
            return  # neither a full disk nor a strange file keeps a stop from happening
        try:
            os.write(fd, (records.dumps(line) + "\n").encode())
        except OSError:
            return
        finally:
            os.close(fd)
