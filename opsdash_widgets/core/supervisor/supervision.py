"""One run, followed from its start or its adoption to its exit record."""

from __future__ import annotations

import os
import time

from . import cgroup, process, records
from .census import Census
from .control import ControlFile, Request
from .ladder import Ladder
from .limits import Limits
from .log_cap import LogCap
from .oom import OutOfMemory
from .pausing import Freezer
from .process import END, END_NOW, WAKE, signal
from .resources import Meter

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any

    from .adoption import Orphan, SizeWatch
    from .attribution import Sampler
    from .job import Job
    from .tree import Tree

BUSY_S = 0.05
"""How often control file and output are looked at while a stop or output comes."""
IDLE_S = 0.25
"""The same when nothing happens."""
QUIET_S = 1.0
"""The same when nothing has happened for ``QUIET_AFTER_S``."""
QUIET_AFTER_S = 5.0

LEFTOVER_GRACE_S = 2.0
"""How long what the job left running may take to end after SIGTERM."""
LEFTOVER_KILL_S = 10.0
"""How long it is killed again and again: a process of another user never dies of it."""

UNKNOWN_CODE = 70
"""Exit code (``EX_SOFTWARE``) where that of the job is not known."""


class Supervision:
    """One run, while it runs.

    Args:
        dir_fd: the run directory.
        slot: the reserved exit record.
        spec: the request.
        job: what runs: our own child, or one that was adopted.
        tree: all its processes.
        output: follows the length of the log.
        started: boot time of the job's start, seconds.
    """

    def __init__(
        self,
        dir_fd: int,
        slot: int,
        spec: dict[str, Any],
        job: Job | Orphan,
        tree: Tree,
        output: Sampler | SizeWatch,
        started: float,
    ) -> None:
        self._dir_fd = dir_fd
        self._slot = slot
        self._job = job
        self._tree = tree
        self._output = output
        self._control = ControlFile(dir_fd)
        self._ladder = Ladder(dir_fd, tree, self._control, self._asked)
        self._freezer = Freezer(dir_fd, tree)
        self._census = Census(tree, os.getpid())
        self._meter = Meter(dir_fd, self._census)
        self._limits = Limits(spec.get("limits"), started)
        self._limits.take_up(self._ladder.asked_by)
        self._cap = LogCap(dir_fd, job.out_fd, self._limits.log_size)
        self._memory = OutOfMemory()
        self._signalled = Request({})
        self._last_event = time.monotonic()

    def see_through(self, error: dict[str, Any] | None = None) -> int:
        """Wait for the job, record its end, and end what it leaves running.

        Args:
            error: why the job could not be started, if it could not.

        Returns:
            The exit code for this process: the job's own, or 128 + its signal.
        """
        code, rusage, source = self._wait()
        self._output.sample()
        self._cap.trim(self._output.size)
        if rusage is not None:
            self._meter.reaped(rusage)
        record = exit_record(error, code, rusage)
        self._meter.name_members(
            self._tree.members()
        )  # before it is written: see there
        if code is not None or self._job.was_alive:
            record.update(self._told(code, source))
            if self._job.ended is not None:
                record["ended"], record["ended_boot"] = self._job.ended
            self._commit(record)
        self.end_leftovers()
        if code is None:
            return UNKNOWN_CODE
        return code if code >= 0 else 128 - code

    def _commit(self, record: dict[str, Any]) -> None:
        try:
            records.commit_slot(self._dir_fd, self._slot, record)
        except OSError as problem:  # the run directory is gone
            records.complain(f"no exit record could be written: {problem.strerror}")

    def _told(self, code: int | None, source: str) -> dict[str, Any]:
        """What the exit record tells beside the end itself."""
        ladder, limits = self._ladder, self._limits
        ours = ladder.rung != "" or limits.reached != ""
        # A limit that is reached while it already stops for somebody ends nothing.
        ended_it = limits.reached != "" and ladder.asked_by in ("", limits.name)
        pids = (self._job.pid, *self._meter.seen)
        return {
            "stop": ladder.told(),
            "limit": limits.reached if ended_it else None,
            "limit_value": limits.value if ended_it else None,
            "resources": self._meter.close(),
            "paused_s": self._freezer.total_s(),
            "oom": "" if ours or not code else self._memory.found(pids),
            "source": source,
        }

    def _wait(self) -> tuple[int | None, Any, str]:
        """Wait for the job, doing meanwhile what is asked and what is due."""
        while True:
            ended = self._reap()
            if ended is not None:
                return ended
            busy = self._output.sample()
            self._look_at_limits()
            request = self._asked()
            self._freezer.follow(request)
            self._ladder.climb(request)
            self._sleep(self._pause(busy=busy or bool(self._ladder.rung)))

    def _look_at_limits(self) -> None:
        limits, meter = self._limits, self._meter
        frozen, closely = self._freezer.frozen, limits.watches_memory
        if meter.look_if_due(frozen, closely=closely) and closely:
            limits.check_memory(meter.rss, self._census.members)
        limits.check(self._freezer.total_s(), self._output.size)
        self._cap.trim(self._output.size)

    def _pause(self, *, busy: bool) -> float:
        now = time.monotonic()
        if busy:
            self._last_event = now
            return BUSY_S
        quiet = now - self._last_event >= QUIET_AFTER_S
        longest = QUIET_S if quiet and not self._limits.watches_memory else IDLE_S
        left = self._limits.time_left(self._freezer.total_s())
        return max(0.0, min(longest, left))

    def _sleep(self, seconds: float) -> None:
        info = signal.sigtimedwait(WAKE, seconds)
        if info is not None and info.si_signo in END:
            kill = self._signalled.kill or info.si_signo in END_NOW
            self._signalled = Request({"stop": True, "kill": kill, "by": "the system"})

    def _asked(self) -> Request:
        """What is asked: by a session, by a signal, by a limit, or by several."""
        written = self._control.read()
        others = (self._signalled, self._limits.request())
        if not written.stop:
            for other in others:
                if other.stop:
                    return other
            return written
        written.kill = written.kill or any(other.kill for other in others)
        return written

    def _reap(self) -> tuple[int | None, Any, str] | None:
        """Collect what has ended; how the job ended, if it has."""
        while True:
            try:
                pid, status, rusage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            if pid == self._job.pid:
                self._tree.leader = 0
                return os.waitstatus_to_exitcode(status), rusage, "wait"
            self._meter.reaped(rusage)
        return self._job.reap()

    def end_leftovers(self) -> None:
        """End what the job left running: a run's tree ends with the run."""
        if self._tree.members():
            self._tree.terminate()
        begun = time.monotonic()
        while self._tree.members():
            self._reap()
            self._output.sample()
            waited = time.monotonic() - begun
            if waited >= LEFTOVER_GRACE_S + LEFTOVER_KILL_S:
                return
            if waited >= LEFTOVER_GRACE_S:
                self._tree.kill()
            self._sleep(BUSY_S)
        self._reap()
        self._output.sample()
        self._meter.name_members(())
        if self._job.cgroup:
            cgroup.remove(self._job.cgroup)


def exit_record(
    error: dict[str, Any] | None, code: int | None, rusage: Any = None
) -> dict[str, Any]:
    """The content of ``exit.json``.

    Args:
        error: why the job could not be started, if it could not.
        code: its exit code, or -signal; ``None`` where nobody knows.
        rusage: what the job's process has used.
    """
    return {
        "schema": "exit/1",
        "code": code if code is not None and code >= 0 else None,
        "signal": -code if code is not None and code < 0 else None,
        "exec_error": error,
        "stop": None,
        "limit": None,
        "ended": time.time(),
        "ended_boot": time.clock_gettime(time.CLOCK_BOOTTIME),
        "boot_id": process.boot_id(),
        "user_s": rusage.ru_utime if rusage else 0.0,
        "system_s": rusage.ru_stime if rusage else 0.0,
        "max_rss_kb": rusage.ru_maxrss if rusage else 0,
    }
