"""Runs on this machine: a supervisor in a session of its own, and nothing between."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import msgspec

from ..errors import LaunchError, RunGone, RunUnreadable
from ..model import RunSpec
from ..rundir import files
from .starting import take_place

SUPERVISOR = Path(__file__).parent.parent / "supervisor" / "supervisor.py"

FLAGS = ("-I", "-S", "-X", "utf8")
"""Nothing of the user's Python in it; arguments are UTF-8 in any locale."""

ADOPT = "--adopt"
"""Tells a supervisor that the job already runs (``supervisor/main.py``)."""

ADOPT_AGAIN_S, ADOPT_LATEST_S = 1.0, 300.0
"""A run that is still an orphan gets another supervisor after this time, doubled each
time up to this: what cannot be adopted, or ended, must not keep the machine busy."""

DEFAULTS = {
    "PYTHONUTF8": "1",
    "PYTHONFAULTHANDLER": "1",
    "FORCE_COLOR": "1",
    "TTY_COMPATIBLE": "1",
    "COLUMNS": "200",
    "TQDM_MININTERVAL": "1",
}
"""What makes a Python job's output complete and readable; a value already set wins."""

NOT_INHERITED = ("MPLBACKEND", "COLUMNS", "LINES")
"""What describes the launching kernel or terminal and not the job."""
NOT_INHERITED_PREFIXES = ("JPY_", "VOILA_", "JUPYTER_")
"""The same, by how the names begin."""


_ADVICE = {
    errno.E2BIG: "Make the environment variables shorter, then launch again.",
    errno.ENOSPC: "Free some space on the disk, then launch again.",
    errno.EPIPE: "Look into the run's supervisor.log for the cause.",
    errno.EMFILE: "Close some open files or logs, or restart the kernel, and retry.",
}
_OTHER_ADVICE = "Close something that uses many processes or much memory, and retry."


class _Supervisor(subprocess.Popen[bytes]):
    """A process that outlives its launcher on purpose, and so without a warning."""

    def __del__(self) -> None:
        def no_warning(*_: object, **__: object) -> None: ...

        super().__del__(_warn=no_warning)  # type: ignore[call-arg]  # CPython


class LocalExecutor:
    """Submits runs to this machine."""

    name = "local"

    def __init__(self) -> None:
        self._supervisors: list[_Supervisor] = []
        self._guard = threading.Lock()
        self._adopted: dict[str, tuple[float, float]] = {}

    def submit(
        self,
        run_dir: Path,
        spec: RunSpec,
        lock: int,
        secrets: Sequence[tuple[int, str]] = (),
        secret_variables: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """Start the supervisor of a run directory, handing it the lock.

        Args:
            run_dir: the complete run directory.
            spec: its request.
            lock: the descriptor that holds its lock; closed here, whatever happens.
            secrets: (place in the argv, value) of the masked arguments.
            secret_variables: the values of the masked environment variables.

        Raises:
            LaunchError: nothing was started.
        """
        try:
            environment = job_environment(run_dir, spec) | dict(secret_variables)
            self._start(run_dir, environment, lock, secrets)
        except ValueError as error:  # what no system call takes
            raise LaunchError(
                f"An environment variable has an unusable name or value: {error}.",
                "Remove the NUL or the = from it, then launch again.",
            ) from error
        except OSError as error:
            raise LaunchError(
                f"The supervisor could not be started: {error.strerror}.",
                _ADVICE.get(error.errno or 0, _OTHER_ADVICE),
            ) from error
        finally:
            os.close(lock)

    def _start(
        self,
        run_dir: Path,
        environment: dict[str, str],
        lock: int,
        secrets: Sequence[tuple[int, str]],
    ) -> None:
        stdin = subprocess.PIPE if secrets else subprocess.DEVNULL
        place = take_place(run_dir.parent, 1 + (os.cpu_count() or 1))
        handed = [lock] if place < 0 else [lock, place]
        words = [str(fd) for fd in handed]
        try:
            supervisor = self._spawn(
                run_dir, words, environment, stdin=stdin, pass_fds=handed
            )
        finally:
            if place >= 0:
                os.close(place)
        if supervisor.stdin is not None:
            with supervisor.stdin as pipe:  # the newline says that it is whole
                pipe.write(msgspec.json.encode(list(secrets)) + b"\n")

    def _spawn(
        self,
        run_dir: Path,
        words: Sequence[str],
        environment: dict[str, str],
        *,
        stdin: int = subprocess.DEVNULL,
        pass_fds: Sequence[int] = (),
    ) -> _Supervisor:
        errors = _errors_of(run_dir)
        try:
            supervisor = _Supervisor(
                [sys.executable, *FLAGS, SUPERVISOR, run_dir, *words],
                stdin=stdin,
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=environment,
                cwd="/",
                start_new_session=True,
                pass_fds=pass_fds,
            )
        finally:
            os.close(errors)
        with self._guard:
            self._supervisors.append(supervisor)
        return supervisor

    def adopt(self, run_dir: Path, spec: RunSpec) -> bool:
        """Start a new supervisor for a run of this machine whose own has died."""
        now = time.monotonic()
        due, wait = self._adopted.get(spec.run_id, (0.0, ADOPT_AGAIN_S))
        if spec.executor != self.name or now < due or not _is_ours(run_dir):
            return False
        if now > due + ADOPT_LATEST_S:  # it went well for a while
            wait = ADOPT_AGAIN_S
        self._adopted[spec.run_id] = now + wait, min(2 * wait, ADOPT_LATEST_S)
        try:
            self._spawn(run_dir, [ADOPT], {"PATH": os.defpath, **_boot_id_file()})
        except OSError:  # no process, no memory: the next look tries again
            return False
        return True

    def reap(self) -> None:
        """Collect the supervisors of this process that have ended."""
        with self._guard:
            self._supervisors = [s for s in self._supervisors if s.poll() is None]


def _errors_of(run_dir: Path) -> int:
    """Where a supervisor says what is wrong with itself.

    A job may have put something else there, which must neither hang us nor keep its run
    from being adopted.

    Raises:
        OSError: there is no such folder, no space in it, or no descriptor left.
    """
    with files.opened_dir(run_dir) as dir_fd:
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            return files.open_regular(dir_fd, "supervisor.log", flags)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EMFILE, errno.ENFILE):
                raise
    return os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)


def _is_ours(run_dir: Path) -> bool:
    """Whether a run directory is this user's, whose word may be followed."""
    try:
        with files.own_folder(run_dir):
            return True
    except (RunGone, RunUnreadable):
        return False


def _boot_id_file() -> dict[str, str]:
    """The variable that moves the boot id in tests, where it is set."""
    name = "OPSDASH_BOOT_ID"
    return {name: os.environ[name]} if name in os.environ else {}


def job_environment(
    run_dir: Path, spec: RunSpec, inherited: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment variables that a job gets."""
    kept = {
        name: value
        for name, value in inherited.items()
        if name not in NOT_INHERITED and not name.startswith(NOT_INHERITED_PREFIXES)
    }
    return {
        **DEFAULTS,
        **kept,
        **spec.variables,
        "OPSDASH_RUN_ID": spec.run_id,
        "OPSDASH_RUN_DIR": str(run_dir),
        "OPSDASH_EVENTS": str(run_dir / "events.jsonl"),
    }
