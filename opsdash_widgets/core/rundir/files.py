"""Reading and writing files of a run directory without being led astray.

Everything is opened relative to the directory's descriptor, never through a link, and
only if it is a regular file of the directory's own owner: a link to another file, a
FIFO that would hang, or somebody else's file is refused.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path

_SAFE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK

SMALL_FILE = 64 << 20
"""Bytes read at most of a file that should be small (a form's values may be large)."""


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


def open_regular(dir_fd: int, name: str, flags: int = os.O_RDONLY) -> int:
    """Open a regular file of a directory that belongs to the directory's owner.

    Raises:
        OSError: it is not there, or it is not such a file (``EINVAL``).
    """
    fd = os.open(name, flags | _SAFE, 0o600, dir_fd=dir_fd)
    seen = os.fstat(fd)
    if not stat.S_ISREG(seen.st_mode) or seen.st_uid != os.fstat(dir_fd).st_uid:
        os.close(fd)
        raise OSError(22, "not a regular file of the run's owner", name)
    return fd


def read_bytes(dir_fd: int, name: str) -> bytes | None:
    """The content of a small file, or ``None`` where it is not there or not ours."""
    try:
        fd = open_regular(dir_fd, name)
    except OSError:
        return None
    with os.fdopen(fd, "rb") as file:
        return file.read(SMALL_FILE)


def exists(dir_fd: int, name: str) -> bool:
    """Whether there is a file of that name (links are not followed)."""
    try:
        os.stat(name, dir_fd=dir_fd, follow_symlinks=False)
    except OSError:
        return False
    return True


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
        os.unlink(temporary, dir_fd=dir_fd)
        raise
    os.fsync(dir_fd)
