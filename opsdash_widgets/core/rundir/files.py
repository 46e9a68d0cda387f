"""Reading and writing files of a run directory without being led astray.

Everything is opened relative to the directory's descriptor, never through a link, and
only if it is a regular file of the directory's own owner: a link to another file, a
FIFO that would hang, or somebody else's file is refused.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from ..errors import RunGone, RunUnreadable

T = TypeVar("T")

_NOT_OURS = (
    errno.ENOENT,
    errno.ELOOP,  # a link
    errno.EINVAL,  # a FIFO, a device, a folder, or somebody else's
    errno.ENXIO,  # a socket, or a FIFO without a reader
    errno.EISDIR,
    errno.ENOTDIR,
)
"""What says that the file is not there or none of ours, and not "ask me later"."""

_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK

SMALL_FILE = 1 << 20
"""Bytes read at most of a file that should be small."""

REQUEST = 64 << 20
"""The same of ``spec.json``: a form's values may be large."""


@contextlib.contextmanager
def opened_dir(path: Path) -> Iterator[int]:
    """A descriptor of a directory, not reached through a link.

    Raises:
        OSError: there is no such directory, or it is a link or a file.
    """
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        yield fd
    finally:
        os.close(fd)


@contextlib.contextmanager
def run_folder(run_dir: Path) -> Iterator[int]:
    """As ``opened_dir``, with the errors that people see.

    Raises:
        RunGone: there is no such run directory.
        RunUnreadable: it cannot be read now.
    """
    with readable(run_dir), opened_dir(run_dir) as dir_fd:
        yield dir_fd


@contextlib.contextmanager
def own_folder(run_dir: Path) -> Iterator[int]:
    """As ``run_folder``, for whoever acts on a run, which may be another user's.

    What a directory says is its owner's word: root must not start what it names, nor
    signal whom it names.

    Raises:
        RunGone: there is no such run directory.
        RunUnreadable: it is another user's, or cannot be read now.
    """
    with run_folder(run_dir) as dir_fd:
        if os.fstat(dir_fd).st_uid != os.geteuid():
            raise RunUnreadable(
                f"Run {run_dir.name} belongs to another user of this machine.",
                "Ask them to do it, or do it as that user.",
            )
        yield dir_fd


@contextlib.contextmanager
def readable(run_dir: Path) -> Iterator[None]:
    """Tells a run directory that is gone from one that cannot be read now.

    Raises:
        RunGone: there is no such run directory.
        RunUnreadable: it cannot be read now.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _NOT_OURS:
            raise gone(run_dir) from error
        raise RunUnreadable(
            f"The folder of run {run_dir.name} cannot be read: {error.strerror}.",
            "Close some open files or correct its permissions, then try again.",
        ) from error


def gone(run_dir: Path) -> RunGone:
    """The error for a run directory that is not there, or none of a run."""
    return RunGone(
        f"The folder of run {run_dir.name} is not there any more, or damaged.",
        "What the registry knows of it is still shown; its log cannot be.",
    )


def open_regular(dir_fd: int, name: str, flags: int = os.O_RDONLY) -> int:
    """Open a regular file of a directory that belongs to the directory's owner.

    Raises:
        OSError: it is not there, or it is not such a file (``EINVAL``).
    """
    fd = os.open(name, flags | _SAFE, 0o600, dir_fd=dir_fd)
    seen = os.fstat(fd)
    if not stat.S_ISREG(seen.st_mode) or seen.st_uid != os.fstat(dir_fd).st_uid:
        os.close(fd)
        raise OSError(errno.EINVAL, "not a regular file of the run's owner", name)
    return fd


def open_if_ours(dir_fd: int, name: str) -> int | None:
    """As ``open_regular``, for reading; ``None`` where it is not there or not ours.

    Raises:
        OSError: it cannot be opened now (too many open files, a failing disk …).
    """
    try:
        return open_regular(dir_fd, name)
    except OSError as error:
        if error.errno in _NOT_OURS:
            return None
        raise


def read_bytes(dir_fd: int, name: str, limit: int = SMALL_FILE) -> bytes | None:
    """The content of a small file, or ``None`` where it is not there or not ours.

    Raises:
        OSError: it cannot be read now (too many open files, a failing disk …).
    """
    fd = open_if_ours(dir_fd, name)
    if fd is None:
        return None
    with os.fdopen(fd, "rb") as file:
        return file.read(limit)


def decode(data: bytes, kind: type[T]) -> T | None:
    """A JSON record, or ``None`` where these bytes, which anybody wrote, are none."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def exists(dir_fd: int, name: str) -> bool:
    """Whether there is a file of that name (links are not followed).

    Raises:
        OSError: the folder cannot be read now.
    """
    try:
        os.stat(name, dir_fd=dir_fd, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


def reserve(dir_fd: int, name: str, size: int) -> None:
    """Make a file and reserve space for it.

    Raises:
        OSError: there is no space.
    """
    fd = os.open(
        name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _SAFE, 0o600, dir_fd=dir_fd
    )
    try:
        os.posix_fallocate(fd, 0, size)
    finally:
        os.close(fd)


def write_atomic(dir_fd: int, name: str, data: bytes) -> None:
    """Replace a file as a whole, mode 0600, on disk when this returns.

    Raises:
        OSError: it cannot be written; the old file, if any, is untouched.
    """
    temporary = f".{name}.{secrets.token_hex(4)}"
    fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600, dir_fd=dir_fd)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.rename(temporary, name, src_dir_fd=dir_fd, dst_dir_fd=dir_fd)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary, dir_fd=dir_fd)
        raise
    os.fsync(dir_fd)
