"""Cutting a log's middle out as the supervisor does: a record first, then the hole."""

from __future__ import annotations

import ctypes
import os
import struct
from pathlib import Path

_PUNCH_HOLE_KEEP_SIZE = 0x02 | 0x01
"""``FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE`` (linux/falloc.h)."""
_BLOCK = 1 << 20


def cut_out(run: Path, start: int, end: int) -> int:
    """Give the bytes from start to before end back; the newlines among them."""
    newlines = newlines_between(run / "output.log", start, end)
    record(run, start, end, newlines)
    punch(run / "output.log", start, end)
    return newlines


def newlines_between(log: Path, start: int, end: int) -> int:
    with log.open("rb") as file:
        file.seek(start)
        sizes = [*[_BLOCK] * ((end - start) // _BLOCK), (end - start) % _BLOCK]
        return sum(file.read(size).count(b"\n") for size in sizes)


def record(run: Path, start: int, end: int, newlines: int) -> None:
    with (run / "output.holes").open("ab") as file:
        file.write(struct.pack("<QQQ", start, end, newlines))


def punch(log: Path, start: int, end: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_long, ctypes.c_long]
    fd = os.open(log, os.O_WRONLY)
    try:
        if libc.fallocate(fd, _PUNCH_HOLE_KEEP_SIZE, start, end - start) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), str(log))
    finally:
        os.close(fd)
