"""A log of which the middle was cut out: never shown as whole, never read as NULs."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import struct
import tempfile
import threading
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdash_widgets.core.follow import LogFile, blocks, follow_lines, pages, streams
from opsdash_widgets.core.follow import logfile as logfile_module
from opsdash_widgets.core.follow.holes import Hole, Holes, amount, gap_words
from opsdash_widgets.core.follow.index import LineIndex
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.core.service.explanation import TAIL
from opsdash_widgets.core.service.reading import output_tail
from tests.punching import cut_out, punch, record

LINE = 13
"""Bytes of a line that ``numbered`` writes."""


def numbered(numbers: range) -> bytes:
    return b"".join(b"line %07d\n" % number for number in numbers)


def texts(log: LogFile) -> list[str]:
    return [line.text for line in log.lines(0, log.line_count)]


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


def bytes_read() -> int:
    words = Path("/proc/self/io").read_text().split()
    return int(words[words.index("rchar:") + 1])


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


@pytest.mark.parametrize("tool", ["tool", "none"])
def test_a_search_jumps_over_it(
    run: Path, log: LogFile, monkeypatch: pytest.MonkeyPatch, tool: str
) -> None:
    if tool == "none":
        monkeypatch.setattr(shutil, "which", lambda name: None)
    cut_out(run, 50 * LINE, 950 * LINE)
    log.refresh()
    assert log.search("line") == [*range(50), *range(51, 101)]
    assert log.search("0000049") == [49]
    assert log.search("line 000095") == list(range(51, 61))
    assert log.search("line 000095", start=55) == list(range(55, 61))
    assert log.search("line", start=40, limit=12) == [*range(40, 50), 51, 52]
    assert log.search("0000500") == []
    assert log.search("cut out") == []
    assert log.search(r"9$", regex=True)[4:6] == [49, 60]


def test_a_search_during_which_it_is_cut_finds_the_lines_as_they_are(
    run: Path, log: LogFile
) -> None:
    log.refresh()
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        if asked == 2:
            cut_out(run, 50 * LINE, 950 * LINE)
        return False

    numbers = log.search("00", cancelled=cancelled)
    assert asked >= 2
    found = [log.lines(number, 1)[0] for number in numbers]
    assert all(re.fullmatch(r"line \d{7}", line.text) for line in found)
    assert len({line.number for line in found}) == len(found)
    assert numbers[-1] == log.line_count - 1


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


@pytest.mark.parametrize(("stream", "kind"), [("out", 1), ("err", 2)])
def test_each_stream_alone_says_it_too(
    run: Path, log: LogFile, stream: str, kind: int
) -> None:
    kinds = attributed(run, 1000)
    cut_out(run, 50 * LINE, 950 * LINE)
    log.refresh()
    kept = [n for n in range(1000) if kinds[n] == kind and not 50 <= n < 950]
    expected = [f"line {n:07d}" for n in kept]
    expected.insert(sum(n < 50 for n in kept), GAP)
    assert b"".join(log.export(stream)).decode().splitlines() == expected
    numbers = log.stream_lines().numbers(stream, 0, 1000)
    assert [line.text for line in log.lines_at(numbers)] == expected


@pytest.mark.parametrize("stream", ["out", "err"])
def test_the_lines_of_a_stream_follow_a_growing_hole(
    run: Path, log: LogFile, stream: str
) -> None:
    attributed(run, 1000)
    log.refresh()
    log.stream_lines()
    for start, end in ((50, 61), (61, 63), (63, 700), (700, 701), (701, 998)):
        cut_out(run, start * LINE, end * LINE)
        log.refresh()
        grown = log.stream_lines()
        with LogFile(run) as fresh:
            fresh.refresh()
            anew = fresh.stream_lines()
            assert grown.count(stream) == anew.count(stream)
            numbers = anew.numbers(stream, 0, 1000)
            assert grown.numbers(stream, 0, 1000) == numbers
            assert [grown.row(stream, n) for n in numbers] == [*range(len(numbers))]


def test_what_a_stream_lost_is_not_read_again(run: Path, log: LogFile) -> None:
    attributed(run, 200_000)
    cut_out(run, 50 * LINE, 100 * LINE)
    log.refresh()
    log.stream_lines()
    cut_out(run, 100 * LINE, 900 * LINE)
    before = bytes_read()
    log.stream_lines().count("out")
    log.refresh()
    log.stream_lines().count("out")
    assert bytes_read() - before < 1_500_000


KEY = ["-----BEGIN RSA PRIVATE KEY-----", *["MIIEpAIBAAKCAQEA" * 4] * 20]
KEY += ["-----END RSA PRIVATE KEY-----"]


def test_a_key_does_not_reach_over_a_gap(run: Path, log: LogFile) -> None:
    lines = [KEY[0], *["x" * 64] * 50, "after"]
    (run / "output.log").write_text("".join(f"{line}\n" for line in lines))
    start = len(KEY[0]) + 1 + 65 * 10
    cut_out(run, start, start + 65 * 30)
    log.refresh()
    shown = ["x" * 64] * 10 + ["after"]
    assert texts(log)[12:] == shown
    assert [line.text for line in log.tail(3)] == shown[-3:]
    assert b"".join(log.export()).decode().splitlines()[12:] == shown


def test_the_rest_of_a_key_that_lost_its_beginning_is_masked(
    run: Path, log: LogFile
) -> None:
    lines = ["before", *KEY, "after"]
    (run / "output.log").write_text("".join(f"{line}\n" for line in lines))
    cut_out(run, 7, 7 + 32 + 65 * 10)
    log.refresh()
    expected = [*[MASK] * 11, "after"]
    assert texts(log)[2:] == expected
    for start in range(log.line_count):
        assert "MIIE" not in "".join(line.text for line in log.lines(start, 3))
    assert b"".join(log.export()).decode().splitlines()[2:] == expected


def test_a_reader_that_is_overtaken_says_what_it_missed(
    run: Path, log: LogFile
) -> None:
    (run / "output.log").write_bytes(numbered(range(100_000)))
    log.refresh()
    pieces = log.export()
    first = next(pieces)
    cut_out(run, 50 * LINE, 90_000 * LINE)
    text = (first + b"".join(pieces)).decode()
    assert text.count(gap_words(90_000 * LINE - blocks.READ, None)) == 1
    assert text.endswith("line 0090000\n" + numbered(range(90_001, 100_000)).decode())
    assert "\0" not in text


def test_following_yields_the_gap_and_each_line_once(run: Path) -> None:
    async def follow() -> list[str]:
        stop, seen = asyncio.Event(), list[str]()
        with LogFile(run) as log:
            async for batch in follow_lines(log, poll_s=0.01, start=990, stop=stop):
                seen += [line.text for line in batch]
                if len(seen) == 10:
                    cut_out(run, 50 * LINE, 950 * LINE)
                    with (run / "output.log").open("ab") as file:
                        file.write(b"more\n")
                elif seen[-1] == "more":
                    with (run / "output.log").open("ab") as file:
                        file.write(numbered(range(1001, 1004)) + b"last")
                    end = 1000 * LINE + 5
                    cut_out(run, 950 * LINE, end + 2 * LINE)
                    stop.set()
        return seen

    lines = [f"line {n:07d}" for n in range(990, 1000)]
    gap = gap_words(952 * LINE + 5, 953)
    assert asyncio.run(follow()) == [*lines, "more", gap, "line 0001003", "last"]


def test_a_tail_that_was_cut_up_to_what_was_read_is_no_other_file(
    run: Path, log: LogFile
) -> None:
    log.refresh()
    with (run / "output.log").open("ab") as file:
        file.write(numbered(range(1000, 2000)))
    cut_out(run, 50 * LINE, 1500 * LINE)
    assert log.refresh()
    assert (log.generation, log.notice) == (0, "")
    assert log.line_count == 551


def test_an_explanation_is_sought_behind_the_gap(run: Path) -> None:
    (run / "output.log").write_bytes(numbered(range(10_000)) + b"ValueError: x\n")
    cut_out(run, 50 * LINE, 9_990 * LINE)
    tail = output_tail(run)
    assert tail == numbered(range(9_990, 10_000)).decode() + "ValueError: x\n"
    cut_out(run, 9_990 * LINE, 10_000 * LINE + 14)
    assert output_tail(run) == ""
    (run / "output.holes").unlink()
    assert len(output_tail(run)) <= TAIL


def test_a_log_that_is_cut_while_it_is_read_is_right_at_every_moment(
    tmp_path: Path,
) -> None:
    """A job writes and its log is cut, as fast as both can, under a reader's eyes."""
    attributed(tmp_path, 2_000)
    stop = threading.Event()

    def write_and_cut() -> None:
        written, cut = 2_000, 50
        while not stop.is_set():
            new = range(written, written + 2_000)
            with (tmp_path / "output.log").open("ab") as file:
                file.write(numbered(new))
            written += 2_000
            cut_out(tmp_path, cut * LINE, (written - 500) * LINE)
            cut = written - 500

    writer = threading.Thread(target=write_and_cut)
    with LogFile(tmp_path) as log:
        log.refresh()
        writer.start()
        try:
            for _ in range(60):
                log.refresh()
                _check_pages(log)
            _check_copy(b"".join(log.export()).decode())
        finally:
            stop.set()
            writer.join()
        log.refresh()
        assert log.generation == 0
        assert log.line_count == 551


def _check_pages(log: LogFile) -> None:
    lines = log.tail(700)
    if len(lines[-1].text) < LINE - 1:
        lines.pop()  # it is being written
    assert [line.number for line in lines] == [
        *range(lines[0].number, lines[0].number + len(lines))
    ]
    for line in lines:
        if line.gap is None:
            assert line.text == f"line {line.number + line.lost:07d}"
    rows = log.steady(
        lambda: log.lines_at(log.stream_lines().numbers("err", 0, 10_000))
    )
    assert all(line.gap or line.stream != "out" for line in rows)
    found = [log.lines(number, 1) for number in log.search("0000049")]
    assert [line[0].text for line in found] == ["line 0000049"]


def _check_copy(text: str) -> None:
    numbers = [int(line[5:]) for line in text.splitlines() if line[0] != "…"]
    assert numbers == sorted(set(numbers))
    assert numbers[:50] == list(range(50))


class Model:
    """What a log says, from all that was written and what was cut out of it."""

    def __init__(self) -> None:
        self.written = b""
        self.holes: list[tuple[int, int]] = []

    def cut(self, start: int, end: int) -> None:
        gone = {
            at for low, high in [*self.holes, (start, end)] for at in range(low, high)
        }
        self.holes = []
        for at in sorted(gone):
            if self.holes and self.holes[-1][1] == at:
                self.holes[-1] = (self.holes[-1][0], at + 1)
            else:
                self.holes.append((at, at + 1))

    def lines(self) -> list[tuple[str, int]]:
        """(text, which printed line) of each line; -1 for a gap."""
        found: list[tuple[str, int]] = []
        at = 0
        for low, high in [*self.holes, (len(self.written), -1)]:
            first = self.written.count(b"\n", 0, at)
            parts = self.written[at:low].decode().split("\n")
            if not parts[-1]:
                parts.pop()
            found += [(text, first + n) for n, text in enumerate(parts)]
            if high >= 0:
                lines = self.written.count(b"\n", low, high)
                found.append((gap_words(high - low, lines), -1))
            at = high
        return found


STEP = st.one_of(
    st.tuples(st.just("write"), st.text("ab\n", max_size=80)),
    st.tuples(st.just("cut"), st.tuples(st.integers(0, 300), st.integers(1, 120))),
    st.tuples(st.just("grow"), st.integers(1, 90)),
    st.tuples(st.just("look"), st.none()),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(STEP, max_size=25))
def test_whatever_is_written_and_cut_the_lines_are_those_that_are_there(
    steps: list[tuple[str, object]],
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(logfile_module, "LineIndex", lambda: LineIndex(chunk=64))
        patch.setattr(pages, "BLOCK", 32)
        patch.setattr(streams, "_READ", 48)
        patch.setattr(blocks, "READ", 40)
        patch.setattr(shutil, "which", lambda name: None)
        _play(steps)


def _play(steps: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as name, LogFile(name) as log:
        run, model = Path(name), Model()
        (run / "output.log").touch()
        for step, content in steps:
            size = len(model.written)
            if step == "write":
                model.written += str(content).encode()
                with (run / "output.log").open("ab") as file:
                    file.write(str(content).encode())
            elif step == "look":
                log.refresh()
                _compare(log, model)
            else:
                start, length = content if step == "cut" else (None, content)
                if start is None:
                    start = model.holes[-1][1] if model.holes else size // 3
                end = min(start + length, size)
                if start < end:
                    _cut(run, model, start, end)
                    if log.size == size:
                        _compare(log, model)
        log.refresh()
        _compare(log, model)
        with LogFile(name) as fresh:
            fresh.refresh()
            _compare(fresh, model)


def _cut(run: Path, model: Model, start: int, end: int) -> None:
    """Cut out what is still there of some bytes, each part by itself."""
    gone = {at for low, high in model.holes for at in range(low, high)}
    parts: list[tuple[int, int]] = []
    for at in range(start, end):
        if at in gone:
            continue
        if parts and parts[-1][1] == at:
            parts[-1] = (parts[-1][0], at + 1)
        else:
            parts.append((at, at + 1))
    for low, high in parts:
        cut_out(run, low, high)
        model.cut(low, high)


def _compare(log: LogFile, model: Model) -> None:
    expected = model.lines()
    lines = log.lines(0, 10_000)
    assert [line.text for line in lines] == [text for text, _ in expected]
    assert [line.number for line in lines] == [*range(len(lines))]
    assert log.line_count == len(lines)
    for line, (_, nth) in zip(lines, expected, strict=True):
        assert (line.gap is not None) == (nth < 0)
        if nth >= 0:
            assert line.number + line.lost == nth
    for start in range(0, len(lines), 3):
        assert log.lines(start, 2) == lines[start : start + 2]
    for number, line in enumerate(lines):
        offset = log.index.start_of(log.fd, number)
        assert log.index.line_of(log.fd, offset) == number, line
    text = "".join(f"{line.text}\n" for line in lines)
    if lines and not model.written.endswith(b"\n") and lines[-1].gap is None:
        text = text[:-1]
    assert b"".join(log.export()).decode() == text
    hits = [n for n, line in enumerate(lines) if line.gap is None and "ab" in line.text]
    assert log.search("ab") == hits
    assert log.steady(lambda: log.stream_lines().count("out")) == len(lines)
    assert log.stream_lines().numbers("err", 0, 10_000) == [*range(len(lines))]


def test_amounts_are_said_as_people_do() -> None:
    sizes = (1, 999, 1000, 1_234_567, 999_960, 5 << 30, 3 * 10**12)
    assert [amount(size) for size in sizes] == [
        "1 B",
        "999 B",
        "1.0 kB",
        "1.2 MB",
        "1.0 MB",
        "5.4 GB",
        "3.0 TB",
    ]
    assert gap_words(10, None) == "… 10 B cut out here by the log limit …"
