"""The run table's Python half: windows, filter, selection, actions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from opsdash_widgets.core.errors import PermissionDenied, StoreError
from opsdash_widgets.core.model import Outcome, Run, RunPage, RunQuery, RunState
from opsdash_widgets.ui import live
from opsdash_widgets.ui.controls import run_table
from opsdash_widgets.ui.controls.run_table import RunList, RunTable

MakeRun = Callable[..., Run]


class Browser:
    """Stands in for the browser: sends messages, keeps what it gets."""

    def __init__(self, table: RunTable, monkeypatch: pytest.MonkeyPatch) -> None:
        self.table = table
        self.got: list[dict[str, Any]] = []
        monkeypatch.setattr(table, "send", self.got.append)

    def say(self, kind: str, **content: Any) -> list[dict[str, Any]]:
        """Send a message and return the answers to it."""
        before = len(self.got)
        self.table._dispatch(None, {"kind": kind, **content}, None)
        return self.got[before:]

    def window(self, start: int, count: int, view: str = "a") -> dict[str, Any]:
        (answer,) = self.say("window", view=view, start=start, count=count)
        return answer

    def wait_for(self, count: int) -> None:
        deadline = time.monotonic() + 20
        while len(self.got) < count:
            assert time.monotonic() < deadline
            threading.Event().wait(0.005)


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    yield
    live.stop_background()


@pytest.fixture
def runs(make_run: MakeRun) -> list[Run]:
    made = [make_run() for _ in range(95)]
    return [*made, make_run(module="qf.a"), make_run(state=RunState.RUNNING)]


def test_a_table_of_plain_runs_needs_no_service(runs: list[Run]) -> None:
    table = RunTable(runs=runs)
    assert table.total == len(runs)
    assert table.first["rows"][0]["run_id"] == runs[-1].run_id
    assert table.label == "Runs"


def test_a_table_takes_the_runs_of_a_cell(runs: list[Run]) -> None:
    held = [SimpleNamespace(record=run) for run in runs]
    assert RunTable(runs=held).total == len(runs)


def test_a_window_holds_the_ids_in_order_and_the_rows(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    answer = browser.window(10, 5)
    newest_first = [run.run_id for run in reversed(runs)]
    assert answer["ids"] == newest_first[10:15]
    assert [row["run_id"] for row in answer["rows"]] == newest_first[10:15]
    assert (answer["start"], answer["total"]) == (10, len(runs))
    assert answer["query"] == ["", "created", True]


def test_rows_that_the_browser_has_are_not_sent_again(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = RunList(runs)
    browser = Browser(RunTable(source), monkeypatch)
    browser.window(0, 10)
    assert [row["run_id"] for row in browser.window(2, 10)["rows"]] == [
        run.run_id for run in reversed(runs[-12:-10])
    ]
    ended = msgspec.structs.replace(
        runs[-1],
        verdict=msgspec.structs.replace(
            runs[-1].verdict, state=RunState.FINISHED, outcome=Outcome.FAILED
        ),
    )
    browser.window(0, 10)
    source.runs[-1] = ended
    (row,) = browser.window(0, 10)["rows"]
    assert (row["run_id"], row["word"]) == (ended.run_id, "failed")


def test_each_view_has_its_own_window(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    assert len(browser.window(0, 5, "a")["rows"]) == 5
    assert len(browser.window(0, 5, "b")["rows"]) == 5
    browser.table.sort = "module"
    assert {answer["view"] for answer in browser.got[-2:]} == {"a", "b"}
    browser.say("gone", view="a")
    before = len(browser.got)
    browser.table.sort = "user"
    assert [answer["view"] for answer in browser.got[before:]] == ["b"]


def test_another_question_starts_at_the_top(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    browser.window(50, 10)
    browser.table.query_text = "module:qf.a"
    assert browser.got[-1]["start"] == 0
    assert browser.got[-1]["query"] == ["module:qf.a", "created", True]
    assert browser.got[-1]["total"] == browser.table.total == 1


def test_a_filter_that_is_none_is_explained_and_keeps_the_rows(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    browser.window(0, 5)
    before = len(browser.got)
    browser.table.query_text = "stats:failed"
    assert "Did you mean status?" in browser.table.filter_error
    assert len(browser.got) == before
    assert browser.table.total == len(runs)
    browser.table.query_text = ""
    assert browser.table.filter_error == ""


def test_refreshing_often_pushes_seldom(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch, make_run: MakeRun
) -> None:
    source = RunList(runs)
    browser = Browser(RunTable(source), monkeypatch)
    browser.window(0, 5)
    newest = make_run()
    source.runs.append(newest)
    for _ in range(500):
        browser.table.refresh([newest.run_id])
    browser.wait_for(2)
    live.stop_background()  # ends after what is under way
    assert len(browser.got) <= 4
    assert browser.got[-1]["ids"][0] == newest.run_id
    assert browser.table.total == len(source.runs)


def test_no_change_is_no_push(runs: list[Run], monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    monkeypatch.setattr(
        browser.table._pusher, "put", lambda **_: pytest.fail("it pushed")
    )
    browser.table.refresh([])


def test_all_that_match_can_be_selected(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs, query_text="price"), monkeypatch)
    browser.say("select_all")
    assert set(browser.table.selection) == {
        run.run_id for run in runs if run.spec.module != "qf.a"
    }
    monkeypatch.setattr(run_table, "SELECT_LIMIT", 10)
    browser.say("select_all")
    assert len(browser.table.selection) == 10
    assert browser.table.said["text"] == "The first 10 of 96 runs are selected."


def test_a_range_is_added_to_the_selection(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    newest_first = [run.run_id for run in reversed(runs)]
    browser.table.selection = [newest_first[0]]
    browser.say("select_range", **{"from": 60, "to": 58})
    assert browser.table.selection == [newest_first[0], *newest_first[58:61]]


def test_actions_get_the_ids_and_their_words_are_shown(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    table, stopped = browser.table, []
    assert not table.can_stop
    browser.say("stop", ids=["x"])  # nobody offered it
    table.on_stop(lambda ids: stopped.extend(ids))
    table.on_again(lambda ids: f"Started {len(ids)} again.")
    assert table.can_stop
    assert table.can_again
    browser.say("stop", ids=["x", "y"])
    assert stopped == ["x", "y"]
    assert table.said["text"] == "Asked to stop: 2 runs."
    browser.say("again", ids=["x"])
    assert table.said["text"] == "Started 1 again."


def test_pausing_and_resuming_are_offered_together(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    paused: list[str] = []
    browser.table.on_pause(lambda ids: paused.extend(ids), lambda ids: "They go on.")
    assert browser.table.can_pause
    browser.say("pause", ids=["x"])
    assert paused == ["x"]
    assert browser.table.said["text"] == "Paused: 1 run."
    browser.say("resume", ids=["x"])
    assert browser.table.said["text"] == "They go on."


def test_a_line_of_the_menu_is_reported_by_its_id(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    assert browser.table.menu == []
    heard: list[str] = []
    browser.table.on_menu(lambda _, item: heard.append(item))
    browser.say("menu", item="stop_all")
    assert heard == ["stop_all"]


@pytest.mark.parametrize(
    "error", [PermissionDenied("A viewer cannot stop runs."), ValueError("odd")]
)
def test_an_action_that_fails_says_so(
    error: Exception, runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)

    def refuse(ids: list[str]) -> None:
        raise error

    browser.table.on_stop(refuse)
    browser.say("stop", ids=["x"])
    assert str(error) in browser.table.said["text"]
    assert browser.table.said["error"] is True


def test_a_source_that_cannot_answer_is_said_until_it_can(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Flaky(RunList):
        broken = False

        def page(self, query: RunQuery) -> RunPage:
            if self.broken:
                raise StoreError("The registry is locked.", "Try again.")
            return super().page(query)

    source = Flaky(runs)
    browser = Browser(RunTable(source), monkeypatch)
    source.broken = True
    assert browser.say("window", view="a", start=0, count=5) == []
    assert browser.table.problem == "The registry is locked. Try again."
    source.broken = False
    assert browser.window(0, 5)["total"] == len(runs)
    assert browser.table.problem == ""


def test_no_window_is_larger_than_a_screen_needs(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_table, "_WINDOW_LIMIT", 20)
    browser = Browser(RunTable(runs=runs), monkeypatch)
    assert len(browser.window(-5, 10_000_000)["ids"]) == 20


def test_another_source_is_shown_at_once(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(RunTable(runs=runs), monkeypatch)
    browser.window(0, 5)
    browser.table.source = RunList(runs[:2])
    assert browser.got[-1]["total"] == browser.table.total == 2
