"""Starting the job: what happens between ``fork`` and ``exec``."""

from __future__ import annotations

import errno
import fcntl
import os
import time

from . import cgroup, process, records
from .process import signal

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any, NoReturn

JOB_LOCK_FDS = (240, 120, 60, 20)
"""Where the job's tree holds ``job.lock``, out of the way of the job's own files.

The first that the limit on open files allows.
"""

LOCK_PATIENCE_S = 5.0
"""How long somebody who asks whether a lock is held may keep it from its owner."""

BOOTSTRAP = f"{os.path.dirname(__file__)}/bootstrap/start.py"

_LAST_SIGNAL = 64
_PIPE_SIZE = 1 << 20


class Job:
    """The job of one run directory: its command, its streams, its process.

    Args:
        dir_fd: the run directory.
        run_dir: its path.
        spec: the request.
        place: what holds its place among the runs that are starting, or -1; the job
            gives it back when its module runs.
    """

    was_alive, ended = True, None
    """Our own child: its end is when it is collected."""

    def __init__(
        self, dir_fd: int, run_dir: str, spec: dict[str, Any], place: int = -1
    ) -> None:
        self._dir_fd = dir_fd
        self._place = place
        self._run_dir = run_dir
        self._spec = spec
        self.out_fd = records.open_append(dir_fd, "output.log")
        self.err_fd = records.open_append(dir_fd, "output.log")
        self.cgroup = cgroup.create(spec["run_id"], os.path.dirname(run_dir))
        self.pid = 0

    def start(self, secrets: bytes) -> dict[str, Any] | None:
        """Start the job.

        Args:
            secrets: what the bootstrap puts into the arguments, as JSON; may be empty.

        Returns:
            ``None``, or why it could not be started: ``errno``, ``message``, ``what``.
        """
        secrets_fd = _memory_holding(secrets) if secrets else -1
        report_read, report_write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._become_job(report_write, secrets_fd)
        for fd in (report_write, secrets_fd, self._place):
            if fd >= 0:
                os.close(fd)
        with os.fdopen(report_read, "rb") as pipe:
            report = pipe.read()
        return records.loads_dict(report.decode()) if report else None

    def reap(self) -> None:
        """Nothing: our own child is collected with all others (``Supervision``)."""

    def _become_job(self, report_fd: int, secrets_fd: int) -> NoReturn:
        what = "run folder"
        try:
            os.setsid()
            if self.cgroup:
                cgroup.join(self.cgroup)
            self._take_job_lock()
            self._wire_streams()
            for fd in (secrets_fd, self._place):
                if fd >= 0:
                    os.set_inheritable(fd, True)
            records.write_new(self._dir_fd, "child.json", self._identity())
            what = "working directory"
            os.chdir(self._spec["cwd"])
            what = "interpreter"
            _restore_signals()
            command = self._command(secrets_fd)
            os.execv(command[0], command)  # noqa: S606 - no shell is the point
        except Exception as error:  # noqa: BLE001 - nothing is above us but the report
            os.write(report_fd, records.dumps(failure(what, error)).encode())
        finally:
            os._exit(127)

    def _command(self, secrets_fd: int) -> list[str]:
        spec = self._spec
        handed = ",".join(
            "-" if fd < 0 else str(fd) for fd in (secrets_fd, self._place)
        )
        start = [spec["interpreter"], BOOTSTRAP, self._run_dir, handed]
        return [*start, spec["module"], *spec.get("argv", ())]

    def _identity(self) -> dict[str, Any]:
        """What tells this process from every other one, on this boot and any other."""
        return {
            "pid": os.getpid(),
            "ticks": process.start_ticks("self"),
            "boot_id": process.boot_id(),
            "pid_ns": process.pid_namespace(),
            "started": time.time(),
            "started_boot": time.clock_gettime(time.CLOCK_BOOTTIME),
            "cgroup": self.cgroup or "",
        }

    def _take_job_lock(self) -> None:
        """Lock ``job.lock`` on a descriptor that the whole tree of the job inherits."""
        fd = records.open_append(self._dir_fd, "job.lock")
        take_lock(fd)
        for place in JOB_LOCK_FDS:
            try:
                fcntl.fcntl(fd, fcntl.F_DUPFD, place)
            except OSError:  # beyond the limit on open files
                continue
            return
        os.set_inheritable(fd, True)

    def _wire_streams(self) -> None:
        null = os.open("/dev/null", os.O_RDONLY)
        for fd, target in ((null, 0), (self.out_fd, 1), (self.err_fd, 2)):
            os.dup2(fd, target)


def take_lock(fd: int, patience_s: float | None = None) -> None:
    """Lock an open file; one who only asks whether it is held keeps it for an instant.

    Args:
        fd: the file.
        patience_s: how long to try, ``LOCK_PATIENCE_S`` by default.

    Raises:
        BlockingIOError: somebody else owns it.
    """
    patience_s = LOCK_PATIENCE_S if patience_s is None else patience_s
    deadline = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.001)
        else:
            return


def failure(what: str, error: Exception) -> dict[str, Any]:
    """Why the job could not be started, as the exit record holds it."""
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.E2BIG:
        what = "command line"
    message = error.strerror if isinstance(error, OSError) else str(error)
    return {
        "errno": number,
        "message": (message or type(error).__name__)[:200],
        "what": what,
    }


def _restore_signals() -> None:
    """Undo what Python, the supervisor and the launcher changed: ``exec`` keeps it.

    A launcher may well ignore signals: a shell does for what it starts with ``&``.
    """
    for number in range(1, _LAST_SIGNAL + 1):
        try:
            if signal.getsignal(number) != signal.SIG_DFL:
                signal.signal(number, signal.SIG_DFL)
        except (OSError, ValueError):  # those that nobody may change
            continue
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _memory_holding(data: bytes) -> int:
    """A descriptor of what exists in memory only, holding this data to be read.

    Raises:
        OSError: there is no memory for it.
    """
    try:
        fd = os.memfd_create("opsdash-secrets")
    except (AttributeError, OSError):  # an interpreter or a kernel without it
        return _pipe_holding(data)
    os.write(fd, data)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


def _pipe_holding(data: bytes) -> int:
    fd, write_fd = os.pipe()
    with os.fdopen(write_fd, "wb", buffering=0) as pipe:
        if len(data) > fcntl.fcntl(write_fd, fcntl.F_GETPIPE_SZ):
            fcntl.fcntl(write_fd, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        os.set_blocking(write_fd, False)
        if pipe.write(data) != len(data):
            raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))
    return fd
