"""Searching, copying and following a log of which the middle was cut out."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.follow import (
    LogFile,
    LogLine,
    blocks,
    follow_lines,
    passing,
)
from opsdash_widgets.core.follow.holes import gap_words
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.core.service.explanation import TAIL
from opsdash_widgets.core.service.reading import output_tail
from tests.punching import cut_out

from .numbered import LINE, attributed, bytes_read, numbered, texts


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
    gap = gap_words(2 * LINE, None)
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


def test_many_lines_are_read_page_by_page_however_fast_the_log_is_cut(
    run: Path, log: LogFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, gone = passing.complete_lines, 40

    def overtaken(*asked: Any, **said: Any) -> tuple[list[LogLine], int]:
        nonlocal gone
        page, place = read(*asked, **said)
        ahead = min(place // LINE + 50, 990)
        if ahead > gone:
            cut_out(run, gone * LINE, ahead * LINE)
            gone = ahead
        return page, place

    monkeypatch.setattr(passing, "complete_lines", overtaken)
    monkeypatch.setattr(passing, "PAGE", 100)
    log.refresh()
    found = log.many_lines(0, 1000)
    assert [line.number for line in found] == list(range(len(found)))
    assert [line.text for line in found[:100]] == [f"line {n:07d}" for n in range(100)]
    assert found[-1].text == "line 0000999"
    gaps = [line.gap for line in found if line.gap]
    assert gaps[0] == (50 * LINE, None)
    kept = [line for line in found if line.gap is None]
    assert all(int(line.text[5:]) == line.number + line.lost for line in kept)
    assert len(kept) * LINE + sum(gap.size for gap in gaps) == 1000 * LINE
