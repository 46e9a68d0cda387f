"""Moves a corrupt registry out of the way; the run directories are the truth."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path


def set_aside(path: Path) -> str:
    """Move a corrupt database aside, unless another process just did.

    Returns:
        The sentence that says so, or an empty one where the file is sound by now.
    """
    with _alone(path.parent):
        if _is_sound(path):
            return ""
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        target = path.with_name(f"{path.name}.corrupt-{stamp}")
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(FileNotFoundError):
                path.with_name(path.name + suffix).rename(str(target) + suffix)
    return (
        f"The registry was corrupt and was moved aside to {target}; a new one is "
        "filled from the run directories, so that no run is lost."
    )


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one process at a time do this; the lock is on the folder itself."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_sound(path: Path) -> bool:
    if not path.exists():
        return True
    connection = sqlite3.connect(path, timeout=1.0)
    try:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
    except sqlite3.OperationalError:
        return True  # locked: somebody uses it
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()
