"""A log that is written and cut at will says at every moment what is there."""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdash_widgets.core.follow import LogFile, blocks, pages, streams
from opsdash_widgets.core.follow import logfile as logfile_module
from opsdash_widgets.core.follow.holes import gap_words
from opsdash_widgets.core.follow.index import LineIndex
from tests.punching import cut_out

from .numbered import LINE, attributed, numbered


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
