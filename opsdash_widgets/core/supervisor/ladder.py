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
    from typing import Any

ASK, TERMINATE, KILL = "ask", "terminate", "kill"

FREEZE_ROUNDS = 20
"""A tree that still forks after so many rounds of SIGSTOP is killed as it is."""


class Tree:
    """Every process of a run: the supervisor's descendants and its cgroup's members."""

    def __init__(self, cgroup_path: str | None) -> None:
        self._cgroup = cgroup_path

    def members(self) -> set[tuple[int, int]]:
        """(pid, start ticks) of all that lives."""
        found = set(process.descendants(os.getpid()))
        for pid in cgroup.members(self._cgroup) if self._cgroup else ():
            ticks = process.start_ticks(pid)
            if ticks is not None and not process.is_zombie(pid):
                found.add((pid, ticks))
        return found

    def terminate(self) -> int:
        """SIGTERM and SIGCONT to all: a stopped process never acts on SIGTERM alone."""
        members = self.members()
        for pid, ticks in members:
            process.send(pid, ticks, signal.SIGTERM)
            process.send(pid, ticks, signal.SIGCONT)
        return len(members)

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
        return len(frozen)


class Ladder:
    """Climbs one rung at a time, as time passes or a user skips ahead."""

    def __init__(self, dir_fd: int, tree: Tree) -> None:
        self._dir_fd = dir_fd
        self._tree = tree
        self._due = 0.0
        self.rung = ""
        self.asked_by = ""

    def follow(self, control: dict[str, Any]) -> None:
        """Climb as far as the control file and the clock ask for."""
        if not control.get("stop"):
            if self.rung == ASK:  # withdrawn before anything was signalled
                self.rung = self.asked_by = ""
            return
        now = time.monotonic()
        if not self.rung:
            self.asked_by = str(control.get("by", ""))
            self._reach(ASK, 0)
            self._due = now + float(control.get("ask_s", 0))
        if control.get("kill"):
            self._kill()
        elif self.rung == ASK and now >= self._due:
            self._reach(TERMINATE, self._tree.terminate())
            self._due = now + float(control.get("grace_s", 10))
        elif self.rung in (TERMINATE, KILL) and now >= self._due:
            self._kill()

    def _kill(self) -> None:
        # Again and again until all are gone: what was just forked dies next time.
        count = self._tree.kill()
        if self.rung != KILL:
            self._reach(KILL, count)

    def _reach(self, rung: str, signalled: int) -> None:
        self.rung = rung
        line = {"rung": rung, "at": time.time(), "signalled": signalled}
        fd = records.open_append(self._dir_fd, "ladder.jsonl")
        try:
            os.write(fd, (records.dumps(line) + "\n").encode())
        except OSError:
            return  # a full disk must not keep a stop from happening
        finally:
            os.close(fd)
