"""So many runs start at a time, and no more: whoever else works goes on working.

A start takes some 50 ms of a processor: a supervisor, an interpreter, a module. Two
hundred of them at once would leave nothing for the panel, for many seconds. So a start
takes one of a few places first: a lock on a file whose descriptor is inherited by the
supervisor and by the job, and is closed by the job just before its module runs. Whoever
dies on the way gives the place back.
"""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

FOLDER = "starting"
PATIENCE_S = 2.0
"""Who gets no place in this time starts without one: no launch waits for ever."""
POLL_S = 0.003

_FLAGS = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def take_place(runs_dir: Path, places: int) -> int:
    """Wait until fewer than so many runs of these directories are starting.

    Returns:
        A descriptor that holds the place; -1 where there is none to be had.
    """
    folder = runs_dir.parent / FOLDER
    deadline = time.monotonic() + PATIENCE_S
    first = os.getpid()  # not all begin to look at the same place
    while True:
        for number in range(places):
            fd = _taken(folder, (first + number) % places)
            if fd is not None:
                return fd
        if time.monotonic() > deadline:
            return -1
        time.sleep(POLL_S)


def _taken(folder: Path, number: int) -> int | None:
    """A place, ``None`` where somebody has it, -1 where there can be none."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        fd = os.open(folder / str(number), _FLAGS, 0o600)
    except OSError:  # a full disk, no descriptor left: the launch itself will say so
        return -1
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        return None
    return fd
