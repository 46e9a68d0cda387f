"""What sessions ask of a run (``control.json``), and what the ladder answered."""

from __future__ import annotations

import fcntl
import os
import signal
from pathlib import Path

import msgspec

from ..errors import RunGone
from . import files, processes


class Control(msgspec.Struct, kw_only=True):
    """The content of ``control.json``: the event format's fields and our own.

    Attributes:
        stop: a stop was asked for.
        pause: a pause was asked for.
        seq: grows with every change.
        kill: the ladder shall skip to its last rung.
        by: who asked.
        ask_s: seconds between asking and SIGTERM.
        grace_s: seconds between SIGTERM and SIGKILL.
    """

    stop: bool = False
    pause: bool = False
    seq: int = 0
    kill: bool = False
    by: str = ""
    ask_s: float = 1.0
    grace_s: float = 10.0


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
    try:
        return msgspec.json.decode(
            files.read_bytes(dir_fd, "control.json") or b"{}", type=Control
        )
    except msgspec.MsgspecError:
        return Control()


def request_stop(
    run_dir: Path, *, by: str, kill: bool, ask_s: float, grace_s: float
) -> None:
    """Ask a run to stop; asked twice it is one stop, and ``kill`` only skips ahead.

    Raises:
        RunGone: the run directory is not there.
        OSError: the request cannot be written.
    """
    try:
        with files.opened_dir(run_dir) as dir_fd, _one_at_a_time(dir_fd):
            control = read_control(dir_fd)
            if control.stop and control.kill >= kill:
                return
            if not control.stop:
                control.by, control.ask_s, control.grace_s = by, ask_s, grace_s
            control.stop, control.kill = True, control.kill or kill
            control.seq += 1
            files.write_atomic(dir_fd, "control.json", msgspec.json.encode(control))
            _wake_supervisor(dir_fd)
    except FileNotFoundError as error:
        raise RunGone(
            f"The folder of run {run_dir.name} is not there any more.",
            "Look for its process with `ps` if you think it is still running.",
        ) from error


def withdraw_stop(run_dir: Path) -> bool:
    """Take a stop back that has signalled nothing yet.

    Returns:
        Whether the run goes on; false where it was signalled, or no stop was asked for.

    Raises:
        RunGone: the run directory is not there.
        OSError: the request cannot be written.
    """
    try:
        with files.opened_dir(run_dir) as dir_fd, _one_at_a_time(dir_fd):
            control = read_control(dir_fd)
            if not control.stop or control.kill or _signalled(dir_fd):
                return False
            control.stop = False
            control.seq += 1
            files.write_atomic(dir_fd, "control.json", msgspec.json.encode(control))
            _wake_supervisor(dir_fd)
            return not _signalled(dir_fd)
    except FileNotFoundError as error:
        raise RunGone(
            f"The folder of run {run_dir.name} is not there any more.",
            "Look for its process with `ps` if you think it is still running.",
        ) from error


def _signalled(dir_fd: int) -> bool:
    return any(rung.rung != "ask" for rung in rungs_in(dir_fd))


class _one_at_a_time:  # noqa: N801 - reads as a word in a with statement
    """Writers of ``control.json`` take turns: a read and a write belong together."""

    def __init__(self, dir_fd: int) -> None:
        self._dir_fd = dir_fd

    def __enter__(self) -> None:
        flags = os.O_RDWR | os.O_CREAT
        self._fd = files.open_regular(self._dir_fd, "control.lock", flags)
        fcntl.flock(self._fd, fcntl.LOCK_EX)

    def __exit__(self, *_: object) -> None:
        os.close(self._fd)


def _wake_supervisor(dir_fd: int) -> None:
    """Have the supervisor look at once; it would look within 0.25 s by itself."""
    signer = (files.read_bytes(dir_fd, "lock") or b"").split()
    if len(signer) == 3 and signer[2].decode() == processes.boot_id():
        processes.send_signal(int(signer[0]), int(signer[1]), signal.SIGUSR1)


def read_rungs(run_dir: Path) -> list[Rung]:
    """The rungs that a stop has reached so far, in order; empty without a stop."""
    try:
        with files.opened_dir(run_dir) as dir_fd:
            return rungs_in(dir_fd)
    except OSError:
        return []


def rungs_in(dir_fd: int) -> list[Rung]:
    """As ``read_rungs``, for an open run directory."""
    lines = (files.read_bytes(dir_fd, "ladder.jsonl") or b"").splitlines()
    rungs = []
    for line in lines:
        try:
            rungs.append(msgspec.json.decode(line, type=Rung))
        except msgspec.MsgspecError:  # the last line of a supervisor that was killed
            continue
    return rungs
