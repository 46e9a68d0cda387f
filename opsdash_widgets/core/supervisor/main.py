"""The supervisor: owns the job, waits for it, writes the exit record."""

from __future__ import annotations

import fcntl
import os
import sys
import time

from . import cgroup, process, records
from .attribution import Sampler
from .job import Job
from .ladder import Ladder, Tree
from .process import signal

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any, NoReturn

IDLE_S = 0.25
"""How often the control file and the output are looked at when nothing happens."""
BUSY_S = 0.05
"""The same while there is output or a stop is under way."""
LEFTOVER_GRACE_S = 2.0
"""How long what the job left running may take to end after SIGTERM."""
ALREADY_SUPERVISED = 75
"""Exit code (``EX_TEMPFAIL``) when another supervisor holds the lock."""

_WAKE = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1)


def main(argv: list[str]) -> NoReturn:
    """Supervise the run of a run directory.

    Args:
        argv: the script, the run directory, and (optional) a descriptor on which the
            launcher already holds the lock. Secret values are read from standard input
            where the spec names any.
    """
    run_dir = argv[1]
    dir_fd = os.open(run_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    lock = int(argv[2]) if len(argv) > 2 else _take_lock(dir_fd)
    _sign_lock(lock)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, _WAKE)
    process.become_subreaper()
    spec = records.loads(records.read_text(dir_fd, "spec.json") or "")
    os._exit(Supervision(dir_fd, run_dir, spec).run())


def _take_lock(dir_fd: int) -> int:
    fd = records.open_append(dir_fd, "lock")
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.stderr.write("another supervisor owns this run\n")
        os._exit(ALREADY_SUPERVISED)
    return fd


def _sign_lock(lock: int) -> None:
    """Say who holds the lock, so that a stop can wake it: pid, start ticks, boot id."""
    os.set_inheritable(lock, False)
    ticks = process.start_ticks("self")
    os.ftruncate(lock, 0)
    os.write(lock, f"{os.getpid()} {ticks} {process.boot_id()}\n".encode())


class Supervision:
    """One run from its start to its exit record."""

    def __init__(self, dir_fd: int, run_dir: str, spec: dict[str, Any]) -> None:
        self._dir_fd = dir_fd
        self._slot = records.reserve_slot(dir_fd)
        self._job = Job(dir_fd, run_dir, spec)
        self._tree = Tree(self._job.cgroup)
        self._ladder = Ladder(dir_fd, self._tree)
        self._secrets = sys.stdin.buffer.read() if spec.get("secret_names") else b""
        samples = records.open_append(dir_fd, "output.fpos")
        self._sampler = Sampler(self._job.out_fd, self._job.err_fd, samples)
        self._control: dict[str, Any] = {}
        self._control_seen = 0
        self._terminated = False

    def run(self) -> int:
        """Start the job and see it through.

        Returns:
            The exit code for this process: the job's own, or 128 + its signal.
        """
        error = self._job.start(self._secrets)
        self._secrets = b""
        code, rusage = self._wait()
        self._sampler.sample()
        self._commit(error, code, rusage)
        self._end_leftovers()
        if self._job.cgroup:
            cgroup.remove(self._job.cgroup)
        return code if code >= 0 else 128 - code

    def _wait(self) -> tuple[int, Any]:
        """Wait for the job, climbing the ladder and sampling the output meanwhile."""
        while True:
            ended = self._reap()
            if ended is not None:
                return ended
            busy = self._sampler.sample()
            self._read_control()
            self._ladder.follow(self._control)
            self._sleep(BUSY_S if busy or self._ladder.rung else IDLE_S)

    def _sleep(self, seconds: float) -> None:
        info = signal.sigtimedwait(_WAKE, seconds)
        if info is not None and info.si_signo in (signal.SIGTERM, signal.SIGINT):
            self._terminated = True  # the machine goes down: stop the job in order

    def _reap(self) -> tuple[int, Any] | None:
        """Collect what has ended; the job's code (or -signal) and use, if it has."""
        while True:
            try:
                pid, status, rusage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return None
            if pid == 0:
                return None
            if pid == self._job.pid:
                return os.waitstatus_to_exitcode(status), rusage

    def _read_control(self) -> None:
        try:
            seen = os.stat("control.json", dir_fd=self._dir_fd, follow_symlinks=False)
        except OSError:
            seen = None
        if seen is not None and seen.st_mtime_ns != self._control_seen:
            self._control_seen = seen.st_mtime_ns
            try:
                self._control = records.loads(
                    records.read_text(self._dir_fd, "control.json") or "{}"
                )
            except ValueError:  # written by hand and wrong: what was asked before stays
                return
        if self._terminated and not self._control.get("stop"):
            self._control = {**self._control, "stop": True, "by": "the system"}

    def _commit(self, error: dict[str, Any] | None, code: int, rusage: Any) -> None:
        record = {
            "schema": "exit/1",
            "code": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "exec_error": error,
            "stop": {"rung": self._ladder.rung, "by": self._ladder.asked_by}
            if self._ladder.rung
            else None,
            "limit": None,
            "ended": time.time(),
            "ended_boot": time.clock_gettime(time.CLOCK_BOOTTIME),
            "boot_id": process.boot_id(),
            "user_s": rusage.ru_utime,
            "system_s": rusage.ru_stime,
            "max_rss_kb": rusage.ru_maxrss,
        }
        records.commit_slot(self._dir_fd, self._slot, record)

    def _end_leftovers(self) -> None:
        """End what the job left running: a run's tree ends with the run."""
        if not self._tree.members():
            return
        self._tree.terminate()
        deadline = time.monotonic() + LEFTOVER_GRACE_S
        while self._tree.members():
            self._reap()
            self._sampler.sample()
            if time.monotonic() >= deadline:
                self._tree.kill()
            self._sleep(BUSY_S)
        self._reap()
        self._sampler.sample()
