"""Starting the job: what happens between ``fork`` and ``exec``."""

from __future__ import annotations

import fcntl
import os
import time

from . import cgroup, process, records
from .process import signal

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any, NoReturn

JOB_LOCK_FD = 200
"""Where the job's tree holds ``job.lock``, out of the way of the job's own files."""

BOOTSTRAP = f"{os.path.dirname(__file__)}/bootstrap/start.py"


class Job:
    """The job of one run directory: its command, its streams, its process."""

    def __init__(self, dir_fd: int, run_dir: str, spec: dict[str, Any]) -> None:
        self._dir_fd = dir_fd
        self._run_dir = run_dir
        self._spec = spec
        self.out_fd = records.open_append(dir_fd, "output.log")
        self.err_fd = records.open_append(dir_fd, "output.log")
        self.cgroup = cgroup.create(spec["run_id"])
        self.pid = 0

    def start(self, secrets: bytes) -> dict[str, Any] | None:
        """Start the job.

        Returns:
            ``None``, or why it could not be started: ``errno``, ``message``, ``what``.
        """
        secrets_fd = _memory_holding(secrets) if self._spec.get("secret_names") else -1
        report_read, report_write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            self._become_job(report_write, secrets_fd)
        os.close(report_write)
        if secrets_fd >= 0:
            os.close(secrets_fd)
        with os.fdopen(report_read, "rb") as pipe:
            report = pipe.read()
        return records.loads(report.decode()) if report else None

    def _become_job(self, report_fd: int, secrets_fd: int) -> NoReturn:
        what = "interpreter"
        try:
            os.setsid()
            if self.cgroup:
                cgroup.join(self.cgroup)
            self._take_job_lock()
            self._wire_streams()
            if secrets_fd >= 0:
                os.set_inheritable(secrets_fd, True)
            records.write_new(self._dir_fd, "child.json", _identity())
            what = "working directory"
            os.chdir(self._spec["cwd"])
            what = "interpreter"
            _restore_signals()
            command = self._command(secrets_fd)
            os.execv(command[0], command)  # noqa: S606 - no shell is the point
        except OSError as error:
            report = {"errno": error.errno, "message": error.strerror, "what": what}
            os.write(report_fd, records.dumps(report).encode())
        finally:
            os._exit(127)

    def _command(self, secrets_fd: int) -> list[str]:
        spec = self._spec
        secrets = str(secrets_fd) if secrets_fd >= 0 else "-"
        start = [spec["interpreter"], BOOTSTRAP, self._run_dir, secrets]
        return [*start, spec["module"], *spec.get("argv", ())]

    def _take_job_lock(self) -> None:
        """Lock ``job.lock`` on a descriptor that the whole tree of the job inherits."""
        fd = records.open_append(self._dir_fd, "job.lock")
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        fcntl.fcntl(fd, fcntl.F_DUPFD, JOB_LOCK_FD)

    def _wire_streams(self) -> None:
        null = os.open("/dev/null", os.O_RDONLY)
        for fd, target in ((null, 0), (self.out_fd, 1), (self.err_fd, 2)):
            os.dup2(fd, target)


def _identity() -> dict[str, Any]:
    """What tells this process from every other one, on this boot and any other."""
    return {
        "pid": os.getpid(),
        "ticks": process.start_ticks("self"),
        "boot_id": process.boot_id(),
        "pid_ns": process.pid_namespace(),
        "started": time.time(),
        "started_boot": time.clock_gettime(time.CLOCK_BOOTTIME),
    }


def _restore_signals() -> None:
    """Undo what Python and the supervisor changed, which ``exec`` would keep."""
    for name in ("SIGPIPE", "SIGXFSZ", "SIGHUP"):
        signal.signal(getattr(signal, name), signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _memory_holding(data: bytes) -> int:
    """A descriptor of a file that exists in memory only, holding this data."""
    fd = os.memfd_create("opsdash-secrets")
    os.write(fd, data)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd
