"""What sessions ask of a run (``control.json``), and what the ladder answered."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..errors import StopError
from . import files, locks, processes

TURN_S = 2.0
"""How long a writer of ``control.json`` waits for the one before, at most."""


class Control(msgspec.Struct, kw_only=True):
    """The content of ``control.json``: the event format's fields and our own.

    Attributes:
        stop: a stop was asked for.
        pause: the job itself shall pause where it next looks.
        freeze: all its processes shall be frozen.
        seq: grows with every change.
        kill: the ladder shall skip to its last rung.
        by: who asked.
        ask_s: seconds between asking and SIGTERM.
        grace_s: seconds between SIGTERM and SIGKILL.
    """

    stop: bool = False
    pause: bool = False
    freeze: bool = False
    seq: int = 0
    kill: bool = False
    by: str = ""
    ask_s: float = 1.0
    grace_s: float = 10.0


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """One freezing or thawing of a run, as its supervisor has done it.

    Attributes:
        paused: it was frozen; false where it was let go on.
        at: wall time, seconds since the epoch.
        boot: boot time, seconds.
        signalled: how many processes were signalled.
        by: who asked.
    """

    paused: bool
    at: float = 0.0
    boot: float = 0.0
    signalled: int = 0
    by: str = ""


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One rung of the ladder as it was reached.

    Attributes:
        rung: ``ask``, ``terminate`` or ``kill``.
        at: wall time, seconds since the epoch.
        signalled: how many processes were signalled.
    """

    rung: str
    at: float
    signalled: int = 0


def read_control(dir_fd: int) -> Control:
    """What is asked of a run now; nothing where the file is missing or not readable."""
    data = files.read_bytes(dir_fd, "control.json") or b"{}"
    return files.decode(data, Control) or Control()


def request_stop(
    run_dir: Path, *, by: str, kill: bool, ask_s: float, grace_s: float
) -> None:
    """Ask a run to stop; asked twice it is one stop, and ``kill`` only skips ahead.

    Where the request cannot be written (a full disk) the supervisor is asked by a
    signal.

    Raises:
        RunGone: the run directory is not there.
        RunUnreadable: it cannot be read now.
        StopError: the run cannot be asked.
    """
    with files.own_folder(run_dir) as dir_fd:
        try:
            with _writing_alone(dir_fd):
                control = read_control(dir_fd)
                if control.stop and control.kill >= kill:
                    return
                if not control.stop:
                    control.by, control.ask_s, control.grace_s = by, ask_s, grace_s
                control.stop, control.kill = True, control.kill or kill
                _write(dir_fd, control)
        except OSError as error:
            number = signal.SIGQUIT if kill else signal.SIGTERM
            if not _signal_supervisor(dir_fd, number):
                raise _not_asked(run_dir, error) from error


def withdraw_stop(run_dir: Path) -> bool:
    """Take a stop back that has signalled nothing yet.

    Returns:
        Whether the run goes on; false where it was signalled, or no stop was asked for.

    Raises:
        RunGone: the run directory is not there.
        RunUnreadable: it cannot be read now.
        StopError: the request cannot be written.
    """
    with files.own_folder(run_dir) as dir_fd:
        try:
            # The supervisor takes the same turn to note that it sends SIGTERM.
            with _writing_alone(dir_fd):
                control = read_control(dir_fd)
                if not control.stop or control.kill or _signalled(dir_fd):
                    return False
                control.stop = False
                _write(dir_fd, control)
                return True
        except OSError as error:
            raise _not_asked(run_dir, error) from error


def request_freeze(run_dir: Path, *, freeze: bool, by: str) -> None:
    """Ask the supervisor to freeze all processes of a run, or to let them go on.

    Raises:
        RunGone: the run directory is not there.
        RunUnreadable: it cannot be read now.
        StopError: the request cannot be written, or the run is being stopped.
    """
    what = "pause" if freeze else "resumption"
    with files.own_folder(run_dir) as dir_fd:
        try:
            with _writing_alone(dir_fd):
                control = read_control(dir_fd)
                if freeze and control.stop:
                    raise StopError(
                        f"Run {run_dir.name} is being stopped: it cannot be paused.",
                        "Wait until it has ended.",
                    )
                if control.freeze is not freeze:
                    control.freeze, control.by = freeze, by
                    _write(dir_fd, control)
        except OSError as error:
            raise _not_asked(run_dir, error, what) from error


def _signalled(dir_fd: int) -> bool:
    return any(rung.rung != "ask" for rung in rungs_in(dir_fd))


def _write(dir_fd: int, control: Control) -> None:
    control.seq += 1
    files.write_atomic(dir_fd, "control.json", msgspec.json.encode(control))
    _signal_supervisor(dir_fd, signal.SIGUSR1)  # it would look by itself a little later


def _not_asked(run_dir: Path, error: OSError, what: str = "stop") -> StopError:
    return StopError(
        f"The {what} of run {run_dir.name} could not be written: {error.strerror}.",
        "Free some space or make its folder writable, then ask again.",
    )


@contextlib.contextmanager
def _writing_alone(dir_fd: int) -> Iterator[None]:
    """Writers of ``control.json`` take turns: a read and a write belong together.

    One that hangs in its turn holds the others up for ``TURN_S`` only.

    Raises:
        OSError: the lock's file cannot be made.
    """
    fd = files.open_regular(dir_fd, "control.lock", os.O_RDWR | os.O_CREAT)
    try:
        locks.take_within(fd, TURN_S)
        yield
    finally:
        os.close(fd)


def _signal_supervisor(dir_fd: int, number: signal.Signals) -> bool:
    """Signal the supervisor that has signed the lock; whether it lives."""
    signer = (
        (files.read_bytes(dir_fd, "lock") or b"").decode("ascii", "replace").split()
    )
    if len(signer) != 3 or signer[2] != processes.boot_id():
        return False
    try:
        pid, ticks = int(signer[0]), int(signer[1])
    except ValueError:  # no lock of ours, or one signed where there is no /proc
        return False
    return processes.send_signal(pid, ticks, number)


def read_rungs(run_dir: Path) -> list[Rung]:
    """The rungs that a stop has reached so far, in order; empty without a stop."""
    try:
        with files.opened_dir(run_dir) as dir_fd:
            return rungs_in(dir_fd)
    except OSError:
        return []


def pauses_in(dir_fd: int) -> list[Pause]:
    """The freezings and thawings of an open run directory so far, in order."""
    lines = (files.read_bytes(dir_fd, "pauses.jsonl") or b"").splitlines()
    pauses = (files.decode(line, Pause) for line in lines)
    return [pause for pause in pauses if pause is not None]


def rungs_in(dir_fd: int) -> list[Rung]:
    """As ``read_rungs``, for an open run directory."""
    lines = (files.read_bytes(dir_fd, "ladder.jsonl") or b"").splitlines()
    rungs = (files.decode(line, Rung) for line in lines)
    # No rung is the last line of a supervisor that was killed.
    return [rung for rung in rungs if rung is not None]
