"""Making run directories, and reading back what they were made for."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ..errors import LaunchError, RunNotFound
from ..model import RunSpec
from . import files, locks

RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
"""The form of a run id in the event format, version 1.0."""

EXIT_SLOT = 4096
"""Bytes reserved for the exit record: the disk may be full when the run ends."""


def new_run_id(now: float | None = None) -> str:
    """A fresh id: UTC time to the millisecond, then 24 random bits.

    Ids sort by time as text, and are safe in a path and in an event.
    """
    seconds = time.time() if now is None else now
    whole, milliseconds = divmod(int(seconds * 1000), 1000)
    stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime(whole))
    return f"{stamp}{milliseconds:03d}-{secrets.token_hex(3)}"


def run_dir_path(runs_dir: Path, run_id: str) -> Path:
    """Where a run's directory is.

    Raises:
        RunNotFound: the id has not the form of a run id (a path, a NUL, …).
    """
    if not RUN_ID.fullmatch(run_id):
        raise RunNotFound(
            "That is not a run id.", "List the runs with `opsdash ps -a` for their ids."
        )
    return runs_dir / run_id


def create_run_dir(runs_dir: Path, spec: RunSpec) -> tuple[Path, int]:
    """Make the directory of a run, complete or not at all, and hold its lock.

    The directory gets its name only when ``spec.json`` is on disk and the lock is
    held, so that no reader ever sees a run that is half made.

    Returns:
        The directory, and a descriptor that holds the supervisor's lock: it is handed
        to the supervisor, so that the lock is never free before the run has ended.

    Raises:
        LaunchError: the directory cannot be made.
    """
    path = run_dir_path(runs_dir, spec.run_id)
    with making(runs_dir, spec) as folder:
        with files.opened_dir(folder) as dir_fd:
            lock = locks.take(dir_fd, "lock")
        try:
            folder.rename(path)
            sync_folder(runs_dir)
        except OSError:
            os.close(lock)
            raise
    return path, lock


@contextlib.contextmanager
def making(runs_dir: Path, spec: RunSpec) -> Iterator[Path]:
    """A run directory that is made under a hidden name; what fails leaves none.

    Raises:
        LaunchError: it cannot be made.
    """
    folder = runs_dir / f".{spec.run_id}.new"
    try:
        request = msgspec.json.encode(spec)
    except UnicodeEncodeError as error:
        raise LaunchError(
            "An argument or a variable holds bytes that are no text.",
            "Rename the file it names, or write it anew, then launch again.",
        ) from error
    try:
        runs_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        _make(folder, request)
        yield folder
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise not_made(runs_dir, error) from error


def not_made(runs_dir: Path, error: OSError) -> LaunchError:
    """The error for a folder that could not be made."""
    return LaunchError(
        f"The run's folder could not be made in {runs_dir}: {error.strerror}.",
        "Free some space or make the folder writable, then launch again.",
    )


def _make(folder: Path, request: bytes) -> None:
    """Fill a new folder with what every run has from its first moment."""
    folder.mkdir(mode=0o700)
    with files.opened_dir(folder) as dir_fd:
        files.write_atomic(dir_fd, "spec.json", request)
        files.reserve(dir_fd, "exit.slot", EXIT_SLOT)


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on disk."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def read_spec(run_dir: Path) -> RunSpec:
    """The request that a run directory was made for.

    Raises:
        RunGone: the directory is not there, or is none of a run of that name (a copy
            of one tells of another run).
        RunUnreadable: it cannot be read now.
    """
    with files.run_folder(run_dir) as dir_fd:
        data = files.read_bytes(dir_fd, "spec.json", files.REQUEST)
    spec = files.decode(data or b"", RunSpec)
    if spec is None or spec.run_id != run_dir.name:
        raise files.gone(run_dir)
    return spec
