"""Searching: the shown text decides, with every tool."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.follow import LogFile


@pytest.fixture(params=["tool", "none"])
def log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[LogFile]:
    if request.param == "none":
        monkeypatch.setattr(shutil, "which", lambda name: None)
    lines = [
        b"Alpha one",
        b"beta two",
        b"\x1b[31mER\x1b[1mROR\x1b[0m: three",
        b"password=hunter2",
        b"hidden frame\rshown!",
        "größe vier".encode(),
        b"a.b literal",
        b"\xff\xfe broken alpha",
        b"x" * 50_000,
        b"last without newline",
    ]
    (tmp_path / "output.log").write_bytes(b"\n".join(lines))
    with LogFile(tmp_path) as log:
        log.refresh()
        yield log


def test_a_text_is_found_in_any_case_or_in_its_own(log: LogFile) -> None:
    assert log.search("ALPHA") == [0, 7]
    assert log.search("alpha", ignore_case=False) == [7]


def test_a_regular_expression_is_found(log: LogFile) -> None:
    assert log.search(r"^\w+ t\w+$", regex=True) == [1]
    assert log.search(r"a.b", regex=True) == [6]
    assert log.search("a.b") == [6]
    assert log.search("a?b") == []


def test_colours_inside_a_word_do_not_hide_it(log: LogFile) -> None:
    assert log.search("error: three") == [2]


def test_a_masked_secret_cannot_be_found(log: LogFile) -> None:
    assert log.search("hunter2") == []
    assert log.search("hunter.", regex=True) == []
    assert log.search("password=") == [3]


def test_what_was_drawn_over_is_not_found(log: LogFile) -> None:
    assert log.search("hidden") == []
    assert log.search("shown!") == [4]


def test_letters_beyond_ascii_are_found(log: LogFile) -> None:
    assert log.search("GRÖSSE") in ([], [5])
    assert log.search("Größe") == [5]


def test_the_last_line_counts_without_its_newline(log: LogFile) -> None:
    assert log.search("without newline") == [9]


def test_a_search_can_begin_later_and_end_early(log: LogFile) -> None:
    assert log.search("alpha", start=1) == [7]
    assert log.search("e", limit=2) == [0, 1]
    assert log.search("alpha", start=10) == []
    assert log.search("") == []


def test_a_cancelled_search_ends(log: LogFile) -> None:
    assert log.search("alpha", cancelled=lambda: True) in ([], [0], [0, 7])


def test_a_wrong_expression_is_one_sentence(log: LogFile) -> None:
    with pytest.raises(OpsdashError, match="regular expression is wrong"):
        log.search("(", regex=True)


def test_what_looks_like_an_option_is_a_text(log: LogFile) -> None:
    assert log.search("--help") == []
    assert log.search("-") == []


def test_many_matches_come_in_order_and_each_once(tmp_path: Path) -> None:
    (tmp_path / "output.log").write_bytes(b"hit hit\nmiss\n" * 5_000)
    with LogFile(tmp_path) as log:
        log.refresh()
        assert log.search("hit") == list(range(0, 10_000, 2))
        assert log.search("hit", limit=3) == [0, 2, 4]


def test_no_process_and_no_descriptor_is_left(log: LogFile) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(10):
        log.search("e", limit=1)
    assert len(list(Path("/proc/self/fd").iterdir())) <= before
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
