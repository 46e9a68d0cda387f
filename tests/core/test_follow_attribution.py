"""Which stream a line is of: known, sampled, or honestly mixed."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from opsdash_widgets.core.follow import LogFile

Record = tuple[int, float, int]
TEXT = b"out1\nerr1\nout2\nboth\nlast\n"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "output.log").write_bytes(TEXT)
    return tmp_path


def note(run: Path, name: str, *records: Record) -> None:
    with (run / name).open("ab") as file:
        for offset, seconds, stream in records:
            file.write(struct.pack("<QQQ", offset, int(seconds * 1e9), stream))


def streams(run: Path) -> list[str]:
    with LogFile(run) as log:
        log.refresh()
        return [line.stream for line in log.lines(0, 9)]


def times(run: Path) -> list[float | None]:
    with LogFile(run) as log:
        log.refresh()
        return [line.time for line in log.lines(0, 9)]


def test_nothing_known_is_mixed_without_a_time(run: Path) -> None:
    assert streams(run) == ["mixed"] * 5
    assert times(run) == [None] * 5


def test_each_line_has_its_stream_and_its_time(run: Path) -> None:
    note(run, "output.idx", (0, 10, 1), (5, 11, 2), (10, 12, 1))
    assert streams(run) == ["out", "err", "out", "out", "out"]
    assert times(run) == [10, 11, 12, 12, 12]


def test_a_line_torn_by_two_streams_is_mixed(run: Path) -> None:
    note(run, "output.idx", (0, 10, 1), (17, 11, 2), (20, 12, 1))
    assert streams(run) == ["out", "out", "out", "mixed", "out"]


def test_records_may_come_out_of_order_and_a_known_stream_wins(run: Path) -> None:
    note(run, "output.idx", (10, 12, 1), (5, 11, 0), (0, 10, 1), (5, 11, 2), (5, 9, 0))
    assert streams(run) == ["out", "err", "out", "out", "out"]


def test_where_the_bootstrap_does_not_know_the_sample_decides(run: Path) -> None:
    note(run, "output.idx", (0, 10, 1), (5, 11, 0), (20, 13, 1))
    note(run, "output.fpos", (0, 1, 2), (5, 11, 2), (10, 12, 0))
    assert streams(run) == ["out", "err", "mixed", "mixed", "out"]


def test_records_that_arrive_later_are_seen(run: Path) -> None:
    with LogFile(run) as log:
        log.refresh()
        note(run, "output.idx", (5, 11, 2))
        assert log.refresh()
        assert [line.stream for line in log.lines(0, 2)] == ["mixed", "err"]
        note(run, "output.idx", (0, 10, 1))
        assert log.refresh()
        assert [line.stream for line in log.lines(0, 2)] == ["out", "err"]


def test_half_a_record_waits_for_its_rest(run: Path) -> None:
    whole = struct.pack("<QQQ", 0, 10, 1)
    (run / "output.idx").write_bytes(whole[:20])
    with LogFile(run) as log:
        log.refresh()
        assert log.lines(0, 1)[0].stream == "mixed"
        (run / "output.idx").write_bytes(whole)
        log.refresh()
        assert log.lines(0, 1)[0].stream == "out"


def test_each_stream_can_be_exported_alone(run: Path) -> None:
    note(run, "output.idx", (0, 10, 1), (5, 11, 2), (10, 12, 1), (20, 13, 3))
    with LogFile(run) as log:
        log.refresh()
        assert b"".join(log.export("out")) == b"out1\nout2\nboth\nlast\n"
        assert b"".join(log.export("err")) == b"err1\nlast\n"
        assert b"".join(log.export()) == TEXT


def test_torn_lines_are_whole_in_their_own_stream(tmp_path: Path) -> None:
    (tmp_path / "output.log").write_bytes(b"passERR\nword=hunter2\n")
    note(tmp_path, "output.idx", (0, 1, 1), (4, 2, 2), (8, 3, 1))
    with LogFile(tmp_path) as log:
        log.refresh()
        assert b"".join(log.export("out")) == "password=••••••\n".encode()
        assert b"".join(log.export("err")) == b"ERR\n"
