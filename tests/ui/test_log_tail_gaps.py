"""LogTail without a browser: a log of which the middle is cut out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.ui.controls import log_session
from tests.punching import cut_out

from .log_views import Browser, write


def numbered(numbers: range) -> str:
    return "".join(f"line {number:07d}\n" for number in numbers)


def cut_lines(run: Path, start: int, end: int) -> None:
    cut_out(run, start * 13, end * 13)


def test_what_was_cut_out_is_a_row_and_the_view_is_told_how_much(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, numbered(range(1000)))
    cut_lines(run, 100, 900)
    browser = show(LogFile(run)).watch()
    tail = browser.tail_with("0000999")
    assert (tail["count"], tail["printed"], tail["gap"]) == (201, 1000, 100)
    assert tuple(tail["gone"]) == (10_400, 800)
    gap, after = browser.answer("page", start=100, count=2)["lines"]
    assert "10.4 kB and 800 lines cut out here" in gap[1]
    assert tuple(gap[7]) == (10_400, 800)
    assert after == [101, "line 0000900", 1, 1.0, 0, (), 799]
    assert browser.answer("row", number=950)["row"] == 151
    assert browser.answer("row", number=500)["row"] == 100
    assert browser.answer("whole", number=950)["lines"][0][1] == "line 0000950"
    found = browser.answer("search", pattern="line 000095")
    assert found["rows"] == list(range(151, 161))


@pytest.mark.parametrize("space", ["all", "out", "err"])
def test_a_view_is_told_how_its_rows_move_when_the_hole_grows(
    show: Callable[..., Browser], run: Path, space: str
) -> None:
    for number in range(300):
        write(run, f"line {number:07d}\n", stream=1 + number % 2)
    browser = show(LogFile(run)).watch(space=space, following=False)
    share = 1 if space == "all" else 2
    before = browser.until(lambda one: one.get("count") == 300 // share)
    assert (before["moved"], before["gap"], before["gone"]) == ((0, 0), -1, None)
    cuts, lines = before["cuts"], 0
    for end in (100, 180, 290):
        cut_lines(run, lines or 20, end)
        write(run, "more\n", stream=2)
        tail = browser.until(lambda one: one.get("cuts", 0) > cuts)  # noqa: B023 — used at once
        cut, cuts = end - (lines or 20) - (not lines), tail["cuts"]
        assert tail["moved"] == ((end - (lines or 20)) // share - (not lines), cut)
        assert tail["gap"] == 20 // share
        lines = end
    page = browser.answer("page", space=space, start=20 // share + 1, count=1)
    assert page["lines"][0][1] == f"line {290 + (space == 'err'):07d}"
    assert page["cuts"] == cuts


def test_an_answer_comes_after_the_news_that_rows_were_renumbered(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, numbered(range(1000)))
    browser = show(LogFile(run)).watch(following=False)
    browser.until(lambda one: one.get("count") == 1000)
    cut_lines(run, 100, 900)
    page = browser.answer("page", start=101, count=1)
    assert page["lines"][0][1] == "line 0000900"
    told = [one for one, _ in browser.heard if one["kind"] in ("tail", "page")]
    assert (told[-2]["kind"], told[-2]["cuts"]) == ("tail", page["cuts"])
    cut_lines(run, 900, 950)
    copied = browser.answer("copy", start=99, count=53, cuts=page["cuts"])
    gap = "… 11.1 kB and 850 lines cut out here by the log limit …"
    assert copied["text"].splitlines() == ["line 0000099", gap, "line 0000950"]


def test_a_search_goes_on_behind_a_growing_hole(
    show: Callable[..., Browser], run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_session, "SEARCH_AGAIN_S", 0.0)
    write(run, numbered(range(1000)) + "needle\n")
    browser = show(LogFile(run)).watch()
    browser.tail_with("needle")
    assert browser.answer("search", pattern="needle")["rows"] == [1000]
    cut_lines(run, 100, 900)
    write(run, "needle again\n")
    more = browser.until(lambda one: one["kind"] == "search" and one["first"] > 0)
    assert more["rows"][-1] == 202


def test_a_download_says_what_was_cut_out(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, numbered(range(1000)))
    cut_lines(run, 100, 900)
    browser = show(LogFile(run)).watch()
    browser.tail_with("0000999")
    request = browser.send("download")
    browser.until(lambda one: one.get("request") == request and one["last"])
    data = b"".join(
        bytes(piece)
        for one, buffers in browser.heard
        if one.get("request") == request
        for piece in buffers
    )
    lines = data.decode().splitlines()
    assert lines[100] == "… 10.4 kB and 800 lines cut out here by the log limit …"
    assert len(lines) == 201
