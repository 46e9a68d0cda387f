"""The table of a sweep: rows by version, actions to its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from opsdash_widgets.core.model import (
    GroupProgress,
    GroupRow,
    GroupState,
    Outcome,
    Run,
    RunGroup,
    RunState,
)
from opsdash_widgets.ui.controls.sweep_table import SweepTable, group_view

from .conftest import until

MakeRun = Callable[..., Run]


class Sent(SweepTable):
    """A table that remembers what it sends to its views."""

    def __init__(self, *args: Any, **traits: Any) -> None:
        self.sent: list[dict[str, Any]] = []
        super().__init__(*args, **traits)

    def send(self, content: Any, buffers: Any = None) -> None:
        self.sent.append(content)

    def rows(self, since: int = 0) -> list[list[Any]]:
        """What a view gets that has the rows of a version."""
        self._dispatch(None, {"kind": "want", "view": "v", "since": since}, [])
        return list(self.sent[-1]["rows"])


def progress(count: int, **fields: Any) -> GroupProgress:
    fields = {
        "group": RunGroup(group_id="g20250101T000000000-abcdef", module="m"),
        "state": GroupState.RUNNING,
        "counts": {"queued": count},
        "total": count,
        "done": 0,
        "succeeded": 0,
        "queued": count,
        "active": 0,
        **fields,
    }
    return GroupProgress(**fields)


def rows_of(runs: list[Run]) -> list[GroupRow]:
    return [
        GroupRow(place=place, run_id=run.run_id, point=(str(place),), run=run)
        for place, run in enumerate(runs)
    ]


def test_a_view_gets_all_rows_once_and_then_only_what_changed(
    make_run: MakeRun,
) -> None:
    table = Sent()
    runs = [make_run(state=RunState.QUEUED) for _ in range(2000)]
    table.show(progress(2000), rows_of(runs))
    assert len(table.rows()) == 2000
    version = table.version
    assert table.rows(version) == []
    runs[7] = make_run(run_id=runs[7].run_id, outcome=Outcome.FAILED, reason="no")
    table.show(progress(2000), rows_of(runs))
    assert table.version == version + 1
    (row,) = table.rows(version)
    assert row[:3] == [7, runs[7].run_id, "failed"]
    assert row[7] == ["7"]


def test_what_is_shown_again_unchanged_sends_nothing(make_run: MakeRun) -> None:
    table = Sent()
    runs = [make_run(), make_run()]
    table.show(progress(2), rows_of(runs))
    version = table.version
    table.show(progress(2, done=1), rows_of(runs))
    assert table.version == version
    assert table.group["done"] == 1


def test_texts_of_a_group_are_safe_to_show(make_run: MakeRun) -> None:
    group = RunGroup(
        group_id="g1",
        module="m\x1b]52;c;eA==\x07",
        title="a\u202eb",
        fields=("--x\x00",),
    )
    shown = group_view(progress(1, group=group, notice="n\x1b[31m"))
    for text in (shown["module"], shown["title"], shown["notice"], *shown["fields"]):
        assert not any(letter in text for letter in "\x1b\x07\x00\u202e")


def test_a_run_that_was_never_made_is_shown_as_lost() -> None:
    table = Sent()
    table.show(progress(1), [GroupRow(place=0, run_id="r", point=("1",))])
    assert table.rows()[0][2] == "lost"
    assert "never made" in table.rows()[0][5]


class Source:
    """A group that remembers what it is asked."""

    def __init__(self, runs: list[Run]) -> None:
        self.runs = runs
        self.asked: list[str] = []

    @property
    def progress(self) -> GroupProgress:
        return progress(len(self.runs))

    def table(self) -> list[GroupRow]:
        return rows_of(self.runs)

    def stop(self, *, kill_now: bool = False) -> None:
        self.asked.append("kill" if kill_now else "stop")

    def pause(self) -> None:
        self.asked.append("pause")

    def resume(self) -> None:
        self.asked.append("resume")

    def rerun_failed(self, *, stopped: bool = False) -> None:
        self.asked.append(f"rerun stopped={stopped}")


def test_a_table_of_a_source_follows_it_and_acts_on_it(make_run: MakeRun) -> None:
    source = Source([make_run(), make_run()])
    table = Sent(source)
    until(lambda: table.group.get("total") == 2, "it is shown")
    for kind in ("pause", "resume", "stop", "kill"):
        table._dispatch(None, {"kind": kind}, [])
    table._dispatch(None, {"kind": "rerun", "stopped": True}, [])
    until(lambda: len(source.asked) == 5, "all was asked")
    assert sorted(source.asked) == [
        "kill",
        "pause",
        "rerun stopped=True",
        "resume",
        "stop",
    ]
    table.close()


def test_what_the_user_opens_is_told(make_run: MakeRun) -> None:
    table = Sent()
    told: list[tuple[str, str]] = []
    table.on_ask(lambda _, kind, said: told.append((kind, said.get("run_id", ""))))
    table._dispatch(None, {"kind": "open", "run_id": "r1"}, [])
    assert told == [("open", "r1")]
    assert table.opened == "r1"
