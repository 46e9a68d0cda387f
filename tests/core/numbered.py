"""Logs of numbered lines, and how much of them is read."""

from __future__ import annotations

import struct
from pathlib import Path

from opsdash_widgets.core.follow import LogFile

LINE = 13
"""Bytes of a line that ``numbered`` writes."""


def numbered(numbers: range) -> bytes:
    return b"".join(b"line %07d\n" % number for number in numbers)


def texts(log: LogFile) -> list[str]:
    return [line.text for line in log.lines(0, log.line_count)]


def attributed(run: Path, count: int) -> list[int]:
    """Lines of two streams by turns, in threes; the stream of each."""
    kinds = [1 + number // 3 % 2 for number in range(count)]
    (run / "output.log").write_bytes(numbered(range(count)))
    (run / "output.idx").write_bytes(
        b"".join(
            struct.pack("<QQQ", number * LINE, 10**9, kind)
            for number, kind in enumerate(kinds)
        )
    )
    return kinds


def bytes_read() -> int:
    words = Path("/proc/self/io").read_text().split()
    return int(words[words.index("rchar:") + 1])
