"""The supervisor: owns the job, waits for it, writes the exit record."""

from __future__ import annotations

import os
import sys
import time

from . import cgroup, process, records
from .attribution import Sampler
from .control import ControlFile, Request
from .job import Job, failure, take_lock
from .ladder import Ladder, Tree
from .process import signal

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any, NoReturn

BUSY_S = 0.05
"""How often control file and output are looked at while a stop or output comes."""
IDLE_S = 0.25
"""The same when nothing happens."""
QUIET_S = 0.5
"""The same when nothing has happened for ``QUIET_AFTER_S``."""
QUIET_AFTER_S = 5.0

LEFTOVER_GRACE_S = 2.0
"""How long what the job left running may take to end after SIGTERM."""
LEFTOVER_KILL_S = 10.0
"""How long it is killed again and again: a process of another user never dies of it."""

ALREADY_SUPERVISED = 75
"""Exit code (``EX_TEMPFAIL``) when another supervisor holds the lock."""
NOT_STARTED = 127
"""Exit code when the job could not be started, as a shell's for "not found"."""

_END_NOW = (signal.SIGQUIT,)
_END = (signal.SIGTERM, signal.SIGINT, *_END_NOW)
_WAKE = (signal.SIGCHLD, signal.SIGUSR1, *_END)


def main(argv: list[str]) -> NoReturn:
    """Supervise the run of a run directory.

    Signals ask for a stop where ``control.json`` cannot (a full disk, a machine that
    goes down): SIGTERM and SIGINT for the whole ladder, SIGQUIT for its last rung.

    Args:
        argv: the script, the run directory, and (optional) a descriptor on which the
            launcher already holds the lock. Secret values are read from standard input
            where the spec names any.
    """
    run_dir = argv[1]
    dir_fd = os.open(run_dir, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    _prepare_signals()  # first: who reads the signed lock may send one at once
    lock = int(argv[2]) if len(argv) > 2 else _take_lock(dir_fd)
    _sign_lock(lock)
    process.become_subreaper()
    try:
        spec = records.loads_dict(records.read_text(dir_fd, "spec.json") or "")
        supervision = Supervision(dir_fd, run_dir, spec)
        supervision.start()
    except Exception as error:
        _refuse(dir_fd, error)
        raise
    os._exit(supervision.see_through())


def _prepare_signals() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, _WAKE)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Ignored in the launcher, it would be here: children would vanish without a code.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)


def _take_lock(dir_fd: int) -> int:
    fd = records.open_append(dir_fd, "lock")
    try:
        take_lock(fd)
    except BlockingIOError:
        sys.stderr.write("another supervisor owns this run\n")
        os._exit(ALREADY_SUPERVISED)
    return fd


def _sign_lock(lock: int) -> None:
    """Say who holds the lock, so that a stop can wake it: pid, start ticks, boot id."""
    os.set_inheritable(lock, False)
    ticks = process.start_ticks("self")
    try:
        os.ftruncate(lock, 0)
        os.write(lock, f"{os.getpid()} {ticks} {process.boot_id()}\n".encode())
    except OSError:
        return  # a full disk: the lock itself is held all the same


def _refuse(dir_fd: int, error: Exception) -> None:
    """Record that nothing was started and why, as far as that can be written."""
    what = "secret arguments" if isinstance(error, EOFError) else "run folder"
    record = exit_record(failure(what, error), NOT_STARTED)
    try:
        records.write_new(dir_fd, "exit.json", record)
    except OSError:
        return


def exit_record(
    error: dict[str, Any] | None,
    code: int,
    ladder: Ladder | None = None,
    rusage: Any = None,
) -> dict[str, Any]:
    """What ``exit.json`` holds.

    Args:
        error: why the job could not be started, or ``None``.
        code: its exit code, or the negative number of the signal that ended it.
        ladder: how far a stop has got.
        rusage: what the job's processes have used.
    """
    stop = None
    if ladder is not None and ladder.rung:
        stop = {"rung": ladder.rung, "by": ladder.asked_by}
    return {
        "schema": "exit/1",
        "code": code if code >= 0 else None,
        "signal": -code if code < 0 else None,
        "exec_error": error,
        "stop": stop,
        "limit": None,
        "ended": time.time(),
        "ended_boot": time.clock_gettime(time.CLOCK_BOOTTIME),
        "boot_id": process.boot_id(),
        "user_s": rusage.ru_utime if rusage else 0.0,
        "system_s": rusage.ru_stime if rusage else 0.0,
        "max_rss_kb": rusage.ru_maxrss if rusage else 0,
    }


class Supervision:
    """One run from its start to its exit record."""

    def __init__(self, dir_fd: int, run_dir: str, spec: dict[str, Any]) -> None:
        self._dir_fd = dir_fd
        self._slot = records.reserve_slot(dir_fd)
        self._secrets = _read_secrets(spec)
        self._job = Job(dir_fd, run_dir, spec)
        self._tree = Tree(os.getpid(), self._job.cgroup)
        self._control = ControlFile(dir_fd)
        self._ladder = Ladder(dir_fd, self._tree, self._control, self._asked)
        samples = records.open_append(dir_fd, "output.fpos")
        self._sampler = Sampler(self._job.out_fd, self._job.err_fd, samples)
        self._error: dict[str, Any] | None = None
        self._signalled = Request({})
        self._last_event = time.monotonic()

    def start(self) -> None:
        """Start the job.

        Raises:
            OSError: there is no process or no memory for it.
        """
        self._error = self._job.start(self._secrets)
        self._secrets = b""
        self._tree.leader = self._job.pid

    def see_through(self) -> int:
        """Wait for the job, record its end, and end what it leaves running.

        Returns:
            The exit code for this process: the job's own, or 128 + its signal.
        """
        code, rusage = self._wait()
        self._sampler.sample()
        record = exit_record(self._error, code, self._ladder, rusage)
        try:
            records.commit_slot(self._dir_fd, self._slot, record)
        except OSError as error:  # the run directory is gone
            sys.stderr.write(f"no exit record could be written: {error.strerror}\n")
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
            self._ladder.climb()
            self._sleep(self._pause(busy=busy or bool(self._ladder.rung)))

    def _pause(self, *, busy: bool) -> float:
        now = time.monotonic()
        if busy:
            self._last_event = now
            return BUSY_S
        return IDLE_S if now - self._last_event < QUIET_AFTER_S else QUIET_S

    def _sleep(self, seconds: float) -> None:
        info = signal.sigtimedwait(_WAKE, seconds)
        if info is not None and info.si_signo in _END:
            kill = self._signalled.kill or info.si_signo in _END_NOW
            self._signalled = Request({"stop": True, "kill": kill, "by": "the system"})

    def _asked(self) -> Request:
        """What is asked of the run: by a session, by a signal, or by both."""
        written, signalled = self._control.read(), self._signalled
        if not written.stop:
            return signalled
        written.kill = written.kill or signalled.kill
        return written

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
                self._tree.leader = 0
                return os.waitstatus_to_exitcode(status), rusage

    def _end_leftovers(self) -> None:
        """End what the job left running: a run's tree ends with the run."""
        if not self._tree.members():
            return
        self._tree.terminate()
        begun = time.monotonic()
        while self._tree.members():
            self._reap()
            self._sampler.sample()
            waited = time.monotonic() - begun
            if waited >= LEFTOVER_GRACE_S + LEFTOVER_KILL_S:
                break
            if waited >= LEFTOVER_GRACE_S:
                self._tree.kill()
            self._sleep(BUSY_S)
        self._reap()
        self._sampler.sample()


def _read_secrets(spec: dict[str, Any]) -> bytes:
    """The values of the secret arguments, as JSON, from the launcher.

    Raises:
        EOFError: the launcher died before it handed them over.
    """
    names = spec.get("secret_names") or ()
    if not any(name.startswith("argument ") for name in names):
        return b""
    secrets = sys.stdin.buffer.read()
    if not secrets.endswith(b"\n"):  # ends what is whole; JSON holds none elsewhere
        raise EOFError("the launcher died before it handed them over")
    return secrets
