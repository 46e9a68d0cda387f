"""The lines of one stream alone."""

from __future__ import annotations

import random
import struct
from pathlib import Path

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.core.follow.streams import StreamLines


def write(run: Path, *pieces: tuple[int, bytes]) -> None:
    """Append pieces, each with the stream that is noted for it."""
    with (run / "output.log").open("ab") as out, (run / "output.idx").open("ab") as idx:
        for stream, data in pieces:
            idx.write(struct.pack("<QQQ", out.tell(), 1, stream))
            out.write(data)


def numbers(lines: StreamLines, stream: str) -> list[int]:
    found = lines.numbers(stream, 0, 10**6)
    assert lines.count(stream) == len(found)
    assert [lines.row(stream, number) for number in found] == list(range(len(found)))
    assert [lines.rows_before(stream, number) for number in found] == [
        *range(len(found))
    ]
    for start in range(0, len(found), 3):
        assert lines.numbers(stream, start, 2) == found[start : start + 2]
    return found


def test_each_line_is_of_its_stream_and_torn_ones_of_both(tmp_path: Path) -> None:
    write(tmp_path, (1, b"o0\no1\n"), (2, b"e2\n"), (1, b"to"), (2, b"rn3\n"))
    write(tmp_path, (0, b"unknown4\n"), (2, b"open5"))
    with LogFile(tmp_path) as log:
        log.refresh()
        assert numbers(log.stream_lines(), "out") == [0, 1, 3, 4]
        assert numbers(log.stream_lines(), "err") == [2, 3, 4, 5]
        assert log.stream_lines().row("out", 2) is None


def test_it_grows_with_the_log(tmp_path: Path) -> None:
    dice = random.Random(1)
    with LogFile(tmp_path) as log:
        for _ in range(60):
            stream = dice.choice((1, 2))
            write(tmp_path, (stream, dice.choice((b"x", b"\n", b"x\ny\n", b"\n\n"))))
            log.refresh()
            lines = log.lines(0, log.line_count)
            for name in ("out", "err"):
                shown = set(numbers(log.stream_lines(), name))
                known = {line.number for line in lines if line.stream == name}
                assert known <= shown


def test_what_becomes_known_later_moves_its_lines(tmp_path: Path) -> None:
    (tmp_path / "output.log").write_bytes(b"a\nb\nc\n")
    with LogFile(tmp_path) as log:
        log.refresh()
        assert numbers(log.stream_lines(), "out") == [0, 1, 2]
        record = struct.pack("<QQQQQQ", 2, 1, 2, 4, 1, 1)
        (tmp_path / "output.idx").write_bytes(record)
        log.refresh()
        assert numbers(log.stream_lines(), "out") == [0, 2]
        assert numbers(log.stream_lines(), "err") == [0, 1]


def test_after_a_replacement_it_begins_again(tmp_path: Path) -> None:
    write(tmp_path, (2, b"a\nb\n"))
    with LogFile(tmp_path) as log:
        log.refresh()
        assert numbers(log.stream_lines(), "err") == [0, 1]
        (tmp_path / "output.log").write_bytes(b"")
        log.refresh()
        assert numbers(log.stream_lines(), "err") == []


def test_long_lines_are_placed_too(tmp_path: Path) -> None:
    write(tmp_path, (1, b"x" * 2_000_000 + b"\n"), (2, b"e\n"))
    with LogFile(tmp_path) as log:
        log.refresh()
        assert numbers(log.stream_lines(), "err") == [1]
