"""A sweep from a cell: lists, ranges and dates as Python has them."""

from __future__ import annotations

import ast
import asyncio
import datetime
import textwrap
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas
import pytest

import opsdash_widgets as ops
from opsdash_widgets.cell import session
from opsdash_widgets.core.errors import GroupNotFound, OpsdashError, ValuesError

TALK = """
    import argparse, sys
    parser = argparse.ArgumentParser()
    parser.add_argument("--start-date", default="")
    parser.add_argument("--end-date", default="")
    parser.add_argument("--vol", type=float, default=0.0)
    parser.add_argument("--paths", type=int, default=1)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--fail", action="store_true")
    if __name__ == "__main__":
        arguments = parser.parse_args()
        print(vars(arguments))
        sys.exit(5 if arguments.fail else 0)
"""


@pytest.fixture
def project(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    folder = tmp_path / "project"
    (folder / "jobs").mkdir(parents=True)
    (folder / "jobs" / "__init__.py").write_text("")
    (folder / "jobs" / "talk.py").write_text(textwrap.dedent(TALK))
    (folder / "opsdash.toml").write_text('runners_package = "jobs"\n')
    monkeypatch.chdir(folder)
    monkeypatch.setattr(session, "_open", [])
    yield folder
    for service in session._open:
        for group in service.groups.recent():
            service.groups.stop(group.group_id, kill_now=True)
            ops.group(group.group_id).wait(60)
        while service._executor._supervisors:  # type: ignore[attr-defined]  # reaped here
            service._executor.reap()
        service.close()


def given(group: ops.GroupHandle, name: str) -> list[object]:
    """What each run of a group got for an argument, in the group's order."""
    return [ast.literal_eval(run.log.text())[name] for run in group.runs]


def test_lists_ranges_and_dates_are_swept_and_the_rest_holds_for_all(
    project: Path,
) -> None:
    days = [datetime.date(2024, 1, 5), datetime.datetime(2024, 1, 8)]  # noqa: DTZ001 - as pandas and people write days
    group = ops.sweep(
        "jobs.talk", start_date=days, paths=range(1, 3), vol=0.25, limit=3
    )
    group.wait(60)
    assert group.succeeded
    assert given(group, "start_date") == ["2024-01-05"] * 2 + ["2024-01-08"] * 2
    assert given(group, "paths") == [1, 2, 1, 2]
    assert given(group, "vol") == [0.25] * 4
    assert group.record.limit == 3
    assert len(group) == 4


def test_texts_that_are_ranges_are_swept_and_pandas_dates_too(project: Path) -> None:
    group = ops.sweep(
        "jobs.talk",
        start_date=pandas.bdate_range("2024-01-05", "2024-01-09"),
        end_date="2024-02-01..2024-02-05:B",
        vol=[Decimal("0.1"), 0.2, "0.30"],
        zip=True,
    )
    group.wait(60)
    assert given(group, "start_date") == ["2024-01-05", "2024-01-08", "2024-01-09"]
    assert given(group, "end_date") == ["2024-02-01", "2024-02-02", "2024-02-05"]
    assert given(group, "vol") == [0.1, 0.2, 0.3]


def test_a_group_is_awaited_without_blocking_and_becomes_a_frame(project: Path) -> None:
    async def cell() -> ops.GroupHandle:
        return await ops.sweep(
            "jobs.talk", start_date="2024-01-01..2024-01-03", vol="0.1,0.2"
        )

    group = asyncio.run(cell())
    frame = group.to_frame()
    assert list(frame.columns[:2]) == ["start_date", "vol"]
    assert frame["vol"].tolist() == [0.1, 0.2] * 3
    assert str(frame["start_date"].dtype).startswith("datetime64")
    assert frame["outcome"].tolist() == ["succeeded"] * 6
    assert frame["duration"].notna().all()


def test_what_failed_is_named_and_run_again(project: Path) -> None:
    group = ops.sweep("jobs.talk", fail=[True, False]).wait(60)
    assert [run.exit_code for run in group.failed] == [5]
    assert group.counts == {"succeeded": 1, "failed": 1}
    (project / "jobs" / "talk.py").write_text(
        textwrap.dedent(TALK).replace("sys.exit(5", "sys.exit(0")
    )
    assert group.rerun_failed().wait(60).succeeded
    assert [row["tries"] for row in group.to_dicts()] == [2, 1]


def test_names_that_it_takes_itself_are_swept_by_fields(project: Path) -> None:
    group = ops.sweep(
        "jobs.talk", fields={"limit": [1, 2]}, values={"start_date": "a,b"}
    )
    group.wait(60)
    assert given(group, "limit") == [1, 2]
    assert given(group, "start_date") == ["a,b"] * 2


def test_a_group_is_found_again_by_an_end_of_its_id(project: Path) -> None:
    group = ops.sweep("jobs.talk", vol=[1, 2], title="two").wait(60)
    found = ops.group(group.group_id[-6:])
    assert found.group_id == group.group_id
    assert found.record.title == "two"
    assert "2 of 2 done" in repr(found)
    with pytest.raises(GroupNotFound):
        ops.group("nothing")


def test_what_is_wrong_is_said_before_anything_runs(project: Path) -> None:
    with pytest.raises(ValuesError, match="has no argument"):
        ops.sweep("jobs.talk", volume=[1, 2])
    with pytest.raises(ValuesError, match="as many values each"):
        ops.sweep("jobs.talk", vol=[1, 2], paths=[1, 2, 3], zip=True)
    with pytest.raises(ValuesError, match="names of two fields"):
        ops.sweep("jobs.talk", vol=[1, 2], zip="vol")
    with pytest.raises(ValuesError, match="Nothing is swept"):
        ops.sweep("jobs.talk", vol=0.1)
    assert list(ops.runs()) == []


def test_waiting_for_a_paused_group_says_so_instead_of_waiting_for_ever(
    project: Path,
) -> None:
    group = ops.sweep("jobs.talk", paths=range(1, 30), limit=1).pause()
    with pytest.raises(OpsdashError, match="paused"):
        group.wait(60)
    group.stop()
    assert group.wait(60).state == "finished"


def test_a_group_shows_a_live_table(project: Path) -> None:
    group = ops.sweep("jobs.talk", vol=[1, 2])
    data, _ = group._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert "jobs.talk" in data["text/plain"]
    group.wait(60)
