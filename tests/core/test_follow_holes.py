"""A log of which the middle was cut out: never shown as whole, never read as NULs."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.core.follow.holes import Hole, Holes, amount, gap_words
from tests.punching import cut_out, punch, record

from .numbered import LINE, bytes_read, numbered, texts


@pytest.fixture
def run(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "output.log").write_bytes(numbered(range(1000)))
    return tmp_path / "run"


@pytest.fixture
def log(run: Path) -> Iterator[LogFile]:
    with LogFile(run) as log:
        yield log


GAP = "… 11.7 kB and 900 lines cut out here by the log limit …"


def test_what_is_gone_is_one_line_that_says_so(run: Path, log: LogFile) -> None:
    cut_out(run, 50 * LINE, 950 * LINE)
    log.refresh()
    assert log.line_count == 101
    assert texts(log)[49:52] == ["line 0000049", GAP, "line 0000950"]
    gap, after = log.lines(50, 2)
    assert gap.gap == (900 * LINE, 900)
    assert (after.gap, after.number, after.number + after.lost) == (None, 51, 950)
    assert log.gone == gap.gap
    assert log.whole_line(50).text == GAP
    assert log.index.line_printed(950) == 51
    assert log.index.line_printed(500) == 50
    assert log.index.line_printed(49) == 49


def test_the_end_is_what_it_was(run: Path, log: LogFile) -> None:
    log.refresh()
    before = [line.text for line in log.tail(50)]
    cut_out(run, 50 * LINE, 950 * LINE)
    assert [line.text for line in log.tail(50)] == before
    with (run / "output.log").open("ab") as file:
        file.write(b"more\nopen")
    assert log.refresh()
    assert [line.text for line in log.tail(2)] == ["more", "open"]


def test_it_is_known_without_a_look_at_the_file(run: Path, log: LogFile) -> None:
    log.refresh()
    cuts = log.cuts
    cut_out(run, 50 * LINE, 950 * LINE)
    assert texts(log) == texts(log)
    assert log.lines(49, 2)[1].text == GAP
    assert (log.cuts, log.generation) == (cuts + 1, 0)
    assert not log.refresh()


def test_a_growing_hole_stays_one_line(run: Path, log: LogFile) -> None:
    log.refresh()
    for end in range(100, 1000, 100):
        cut_out(run, (end - 100 if end > 100 else 50) * LINE, end * LINE)
        assert texts(log)[49] == "line 0000049"
        gap, after = log.lines(50, 2)
        assert gap.gap == ((end - 50) * LINE, end - 50)
        assert after.text == f"line {end:07d}"
        assert after.number + after.lost == end
    assert log.line_count == 151


def test_in_the_middle_of_a_line_both_its_ends_are_shown(
    run: Path, log: LogFile
) -> None:
    cut_out(run, 50 * LINE + 4, 51 * LINE + 6)
    log.refresh()
    found = texts(log)
    assert found[49:51] == ["line 0000049", "line"]
    assert found[51] == "… 15 B and 1 line cut out here by the log limit …"
    assert found[52:54] == ["000051", "line 0000052"]
    assert [line.number + line.lost for line in log.lines(52, 2)] == [51, 52]
    assert b"".join(log.export()).decode().splitlines() == found


def test_at_the_very_start_or_end_nothing_else_is_shown(
    run: Path, log: LogFile
) -> None:
    cut_out(run, 0, 990 * LINE)
    log.refresh()
    assert texts(log)[1:] == [f"line {n:07d}" for n in range(990, 1000)]
    cut_out(run, 990 * LINE, 1000 * LINE)
    assert [line.gap for line in log.lines(0, 9)] == [(1000 * LINE, 1000)]
    with (run / "output.log").open("ab") as file:
        file.write(b"new\n")
    log.refresh()
    assert texts(log)[1:] == ["new"]


def test_five_gigabytes_cost_nothing(run: Path, log: LogFile) -> None:
    size = 5 << 30
    with (run / "output.log").open("r+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(numbered(range(9_313_000, 9_313_010)))
    record(run, 1000 * LINE, size, 9_312_000)
    before = bytes_read()
    log.refresh()
    assert log.line_count == 1011
    assert log.lines(1000, 1)[0].text == gap_words(size - 1000 * LINE, 9_312_000)
    assert "… 5.4 GB and 9,312,000 lines cut out" in log.lines(1000, 1)[0].text
    assert log.tail(1)[0].text == "line 9313009"
    assert log.search("line 9313009") == [1010]
    assert b"".join(log.export()).count(b"\n") == 1011
    assert log.stream_lines().count("err") == 1011
    assert bytes_read() - before < 10_000_000


def test_a_hole_of_which_there_is_no_record_costs_no_more(
    run: Path, log: LogFile
) -> None:
    size = 5 << 30
    with (run / "output.log").open("r+b") as file:
        file.truncate(size)
        file.seek(size)
        file.write(b"end\n")
    before = bytes_read()
    log.refresh()
    assert log.line_count == 1001
    assert "MB left out" in texts(log)[1000]
    assert b"".join(log.export()).count(b"MB left out") == 1
    assert log.stream_lines().count("err") == 1001
    assert bytes_read() - before < 10_000_000


@pytest.mark.parametrize(
    "content",
    [
        b"garbage, and no record at all, of any kind",
        b"\0" * 240,
        b"\xff" * 240,
        struct.pack("<QQQ", 5, 5, 0) + struct.pack("<QQQ", 90, 10, 1),
        struct.pack("<QQQ", 0, 10**9, 1),  # beyond the end of the log
        struct.pack("<QQQ", 0, 100, 101),  # more newlines than bytes
        struct.pack("<QQQ", 0, 100, 1)[:23],
    ],
)
def test_what_is_no_record_of_this_log_is_passed_over(
    run: Path, log: LogFile, content: bytes
) -> None:
    (run / "output.holes").write_bytes(content)
    log.refresh()
    assert texts(log) == [f"line {n:07d}" for n in range(1000)]
    whole = len(content) // 24 * 24
    (run / "output.holes").write_bytes(content[:whole])
    cut_out(run, 50 * LINE, 950 * LINE)
    assert texts(log)[50] == GAP


def test_a_record_counts_once_it_is_whole(run: Path, log: LogFile) -> None:
    log.refresh()
    whole = struct.pack("<QQQ", 50 * LINE, 950 * LINE, 900)
    (run / "output.holes").write_bytes(whole[:20])
    assert log.lines(50, 1)[0].gap is None
    (run / "output.holes").write_bytes(whole)
    assert log.lines(50, 1)[0].text == GAP


def test_a_hole_that_could_not_be_punched_after_all_is_none(
    run: Path, log: LogFile
) -> None:
    record(run, 50 * LINE, 950 * LINE, 900)
    log.refresh()
    assert log.line_count == 101
    assert log.stream_lines().count("out") == 101
    os.truncate(run / "output.holes", 0)
    assert log.refresh()
    assert texts(log) == [f"line {n:07d}" for n in range(1000)]
    assert log.stream_lines().count("out") == 1000
    assert log.gone is None


@pytest.mark.parametrize("kind", ["link", "fifo", "folder"])
def test_another_thing_under_the_name_is_not_opened(
    run: Path, log: LogFile, tmp_path: Path, kind: str
) -> None:
    name = run / "output.holes"
    if kind == "link":
        (tmp_path / "real").write_bytes(struct.pack("<QQQ", 0, 130, 10))
        name.symlink_to(tmp_path / "real")
    elif kind == "fifo":
        os.mkfifo(name)
    else:
        name.mkdir()
    log.refresh()
    assert len(texts(log)) == 1000


def test_records_that_lie_about_lines_harm_nothing(run: Path, log: LogFile) -> None:
    log.refresh()
    for start, end, lines in ((100, 200, 0), (300, 320, 20), (320, 700, 0)):
        record(run, start, end, lines)
        punch(run / "output.log", start, end)
    with LogFile(run) as fresh:
        fresh.refresh()
        assert [line.gap is None for line in fresh.lines(0, 2000)] == [
            line.gap is None for line in log.lines(0, 2000)
        ]
        shown = [line.text for line in log.lines(0, 2000) if line.gap is None]
        assert [line for line in texts(fresh) if line[0] != "…"] == shown
        assert not any("\0" in text for text in texts(log))
        assert texts(log)[-1] == "line 0000999"


def test_touching_records_are_one_hole(tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    holes = Holes()
    try:
        for start, end in ((10, 20), (40, 50), (20, 30), (35, 40), (12, 14), (5, 60)):
            record(tmp_path, start, end, 1)
            holes.refresh(folder, lambda: 100)
            assert all(one.end < two.start for one, two in pairwise(holes.all))
        assert holes.all == [Hole(5, 60, 1)]
        (tmp_path / "output.holes").write_bytes(struct.pack("<QQQ", 1, 2, 1))
        assert holes.refresh(folder, lambda: 100)
        assert holes.all == [Hole(1, 2, 1)]
        assert not holes.refresh(folder, lambda: 100)
    finally:
        holes.close()
        os.close(folder)


def test_amounts_are_said_as_people_do() -> None:
    sizes = (1, 999, 1000, 1_234_567, 999_960, 180_700, 5 << 30, 3 * 10**15)
    assert [amount(size) for size in sizes] == [
        "1 B",
        "999 B",
        "1.0 kB",
        "1.2 MB",
        "1.0 MB",
        "181 kB",
        "5.4 GB",
        "3,000 TB",
    ]
    assert gap_words(10, None) == "… 10 B cut out here by the log limit …"
