"""LogTail without a browser: what a view is sent, and what it can ask for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from opsdash_widgets.core.follow import LogFile
from opsdash_widgets.ui.controls import log_session, log_view

from .log_views import PATIENCE_S, Browser, Message, write


def test_without_a_source_it_says_so(show: Callable[..., Browser]) -> None:
    assert not show(None).watch().until(lambda one: one["kind"] == "tail")["source"]


def test_a_view_gets_the_end_and_then_what_is_written(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, "".join(f"line {n}\n" for n in range(500)))
    browser = show(LogFile(run)).watch()
    first = browser.tail_with("line 499")
    assert (first["count"], first["start"], len(first["lines"])) == (500, 380, 120)
    write(run, "oops\n", stream=2)
    later = browser.tail_with("oops")
    assert later["lines"][-1] == [500, "oops", 2, 1.0, 0, ()]
    assert len(later["lines"]) < 120
    assert browser.tail.line_count == 501


def test_a_log_that_is_not_there_yet_appears(
    show: Callable[..., Browser], run: Path
) -> None:
    browser = show(LogFile(run / "later")).watch()
    assert browser.until(lambda one: one["kind"] == "tail")["count"] == 0
    (run / "later").mkdir()
    write(run / "later", "here\n")
    assert browser.tail_with("here")["count"] == 1


def test_secrets_and_escapes_do_not_reach_the_browser(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, "\x1b[31mpassword=hunter2\x1b[0m\x1b]52;c;x\x07 <b>\n")
    line = show(LogFile(run)).watch().tail_with("password")["lines"][0]
    assert line[1] == "password=•••••• <b>"


def test_a_paused_view_is_told_how_much_there_is_but_not_what(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, "one\n")
    browser = show(LogFile(run)).watch(following=False)
    write(run, "two\n")
    message = browser.until(lambda one: one.get("count") == 2)
    assert message["lines"] == []


def test_a_view_that_is_not_seen_gets_nothing_until_it_is(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, "one\n")
    browser = show(LogFile(run)).watch(visible=False)
    other = Browser(browser.tail, "v2")
    browser.tail.browsers.append(other)
    other.watch().tail_with("one")
    assert browser.heard == []
    browser.watch().tail_with("one")


def test_a_view_that_fell_silent_gets_nothing_any_more(
    show: Callable[..., Browser], run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = show(LogFile(run)).watch()
    browser.until(lambda one: one["kind"] == "tail")
    heard = len(browser.heard)
    monkeypatch.setattr(log_view, "UNWATCHED_S", 0.0)
    write(run, "unseen\n")
    browser.answer("page", start=0, count=5)
    assert [m["kind"] for m, _ in browser.heard[heard:]] == ["page"]
    monkeypatch.undo()


def test_a_view_that_does_not_answer_is_not_flooded(
    show: Callable[..., Browser], run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_view, "DEAF_S", 3600.0)
    browser = show(LogFile(run), acknowledge=False).watch()
    other = Browser(browser.tail, "v2")
    browser.tail.browsers.append(other)
    other.watch()
    for number in range(6):
        write(run, f"line {number}\n")
        other.tail_with(f"line {number}")
    assert len(browser.heard) <= log_view.IN_FLIGHT
    browser.send("ack", seq=browser.heard[-1][0]["seq"])
    browser.tail_with("line 5")


def test_any_page_can_be_asked_for(show: Callable[..., Browser], run: Path) -> None:
    write(run, "".join(f"line {n}\n" for n in range(500)))
    browser = show(LogFile(run)).watch()
    browser.tail_with("line 499")
    page = browser.answer("page", start=100, count=3)
    assert [line[1] for line in page["lines"]] == ["line 100", "line 101", "line 102"]


def test_one_stream_alone_has_its_own_rows(
    show: Callable[..., Browser], run: Path
) -> None:
    for number in range(6):
        write(run, f"line {number}\n", stream=1 + number % 2)
    browser = show(LogFile(run)).watch(space="err")
    tail = browser.tail_with("line 5")
    assert [line[0] for line in tail["lines"]] == [1, 3, 5]
    assert (tail["count"], tail["total"]) == (3, 6)
    page = browser.answer("page", space="err", start=1, count=9)
    assert [line[1] for line in page["lines"]] == ["line 3", "line 5"]
    assert browser.answer("row", space="err", number=3)["row"] == 1
    found = browser.answer("search", pattern="line")
    assert found["rows"] == [0, 1, 2]


def test_a_search_goes_on_with_the_lines_that_are_written(
    show: Callable[..., Browser], run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_session, "SEARCH_AGAIN_S", 0.0)
    write(run, "needle\nhay\n")
    browser = show(LogFile(run)).watch()
    browser.tail_with("hay")
    assert browser.answer("search", pattern="NEEDLE")["rows"] == [0]
    write(run, "needle again\n")
    more = browser.until(lambda one: one["kind"] == "search" and one["first"] > 0)
    assert more["rows"] == [2]


def test_a_wrong_pattern_is_a_sentence(show: Callable[..., Browser], run: Path) -> None:
    write(run, "x\n")
    browser = show(LogFile(run)).watch()
    browser.tail_with("x")
    found = browser.answer("search", pattern="(", regex=True)
    assert "regular expression is wrong" in found["error"]


def test_a_cut_line_can_be_had_whole_and_is_copied_whole(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, "x" * 20_000 + "\nshort\n")
    browser = show(LogFile(run)).watch()
    assert browser.tail_with("short")["lines"][0][4] == 1
    assert len(browser.answer("whole", number=0)["lines"][0][1]) == 20_000
    copied = browser.answer("copy", start=0, count=2)
    assert copied["text"] == "x" * 20_000 + "\nshort"
    assert copied["complete"]


def test_a_download_comes_in_pieces_as_they_are_taken(
    show: Callable[..., Browser], run: Path
) -> None:
    write(run, "a line of text with password=hunter2 in it\n" * 100_000)
    browser = show(LogFile(run)).watch()
    browser.tail_with("a line")
    request = browser.send("download")

    def pieces() -> list[tuple[Message, list[bytes]]]:
        return [one for one in browser.heard if one[0].get("request") == request]

    while not pieces() or not pieces()[-1][0]["last"]:
        with browser.news:
            count = len(pieces())
            browser.send("chunk_taken", index=count)
            assert browser.news.wait_for(lambda: len(pieces()) > count, PATIENCE_S)  # noqa: B023 — used at once
    text = b"".join(data for _, buffers in pieces() for data in buffers).decode()
    assert text.count("\n") == 100_000
    assert "hunter2" not in text
    assert pieces()[0][0]["name"] == f"{run.name}.log"


def test_another_log_takes_the_place_of_the_first(
    show: Callable[..., Browser], run: Path
) -> None:
    (run / "a").mkdir()
    (run / "b").mkdir()
    write(run / "a", "first\n")
    write(run / "b", "second\n")
    browser = show(LogFile(run / "a")).watch()
    before = browser.tail_with("first")
    browser.tail.source = LogFile(run / "b")
    after = browser.tail_with("second")
    assert after["epoch"] > before["epoch"]
    browser.tail.source = None
    browser.until(lambda one: one["kind"] == "tail" and one["epoch"] > after["epoch"])


def test_a_cut_log_says_so(show: Callable[..., Browser], run: Path) -> None:
    write(run, "old\nold\n")
    browser = show(LogFile(run)).watch()
    browser.tail_with("old")
    (run / "output.log").write_text("new\n")
    assert "cut" in browser.tail_with("new")["notice"]


@pytest.mark.parametrize(
    "content",
    [
        {"kind": "watch"},
        {"kind": "page", "start": "x", "count": -1},
        {"kind": "page", "start": 10**18, "count": 10**18, "space": "../"},
        {"kind": "whole", "number": 99},
        {"kind": "row", "number": None},
        {"kind": "search", "pattern": 7},
        {"kind": "chunk_taken", "index": []},
        {"kind": "ack", "seq": "1"},
        {"kind": "copy", "start": 5, "count": 10**9},
        {"kind": "unheard of"},
    ],
)
def test_nonsense_from_a_browser_harms_nothing(
    show: Callable[..., Browser], run: Path, content: Message
) -> None:
    write(run, "still here\n")
    browser = show(LogFile(run)).watch()
    browser.tail_with("still here")
    browser.tail._dispatch(browser.tail, {"view": "v1", "request": 0, **content}, [])
    page = browser.answer("page", start=0, count=1)
    assert page["lines"][0][1] == "still here"
