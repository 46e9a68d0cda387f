"""Groups with real runs: queued, started under a limit, stopped, run again."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import (
    GroupNotFound,
    PermissionDenied,
    ValuesError,
)
from opsdash_widgets.core.model import (
    FormValues,
    GroupState,
    LaunchRequest,
    Role,
    RunGroup,
    RunState,
    SweepRequest,
)
from opsdash_widgets.core.service import Service

from .desk import Desk, until

COUNT = """
    import argparse, sys, time
    parser = argparse.ArgumentParser()
    parser.add_argument("--number", type=int, required=True)
    parser.add_argument("--wait", type=float, default=0.0)
    parser.add_argument("--fail-at", default="")
    if __name__ == "__main__":
        args = parser.parse_args()
        print("number", args.number, flush=True)
        time.sleep(args.wait)
        sys.exit(3 if str(args.number) in args.fail_at.split(",") else 0)
"""


def sweep(module: str, number: str, limit: int = 2, **values: str) -> SweepRequest:
    given = {f"--{name.replace('_', '-')}": value for name, value in values.items()}
    base = LaunchRequest(module=module, values=FormValues(values=given))
    return SweepRequest(base=base, fields={"number": number}, limit=limit)


def finished(service: Service, group: RunGroup) -> dict[str, int]:
    """Wait for the end of a group: word -> how many runs."""

    def over() -> bool:
        service.sync()
        progress = service.groups.progress(group.group_id)
        return progress.state is GroupState.FINISHED

    until(over, "the group has ended")
    return service.groups.progress(group.group_id).counts


def test_a_sweep_runs_each_combination_once_and_never_more_than_its_limit(
    desk: Desk,
) -> None:
    module = desk.module("count", COUNT)
    service = desk.service()
    group = service.groups.launch(sweep(module, "1..7", wait="0.2"))
    most = 0

    def over() -> bool:
        nonlocal most
        service.sync()
        most = max(most, service.groups.progress(group.group_id).active)
        return service.groups.progress(group.group_id).done == 7

    until(over, "all have ended")
    assert most <= 2
    rows = service.groups.table(group.group_id)
    assert [row.point for row in rows] == [(str(number),) for number in range(1, 8)]
    for row in rows:
        assert row.run is not None
        output = (Path(row.run.run_dir) / "output.log").read_text()
        assert output == f"number {row.point[0]}\n"
    progress = service.groups.progress(group.group_id)
    assert progress.counts == {"succeeded": 7}
    assert (progress.state, progress.eta_s) == (GroupState.FINISHED, None)
    until(lambda: service.groups.get(group.group_id).drained, "it is drained")


def test_the_record_of_a_group_is_for_its_owner_alone(desk: Desk) -> None:
    module = desk.module("count", COUNT)
    service = desk.service()
    group = service.groups.launch(sweep(module, "1..2"))
    path = service.groups.files.folder / f"{group.group_id}.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    record = json.loads(path.read_text())
    assert record["schema"] == "group/1"
    assert record["fields"] == ["--number"]
    finished(service, group)


def test_a_combination_that_is_wrong_refuses_the_whole_sweep(desk: Desk) -> None:
    module = desk.module("count", COUNT)
    service = desk.service()
    with pytest.raises(ValuesError) as caught:
        service.groups.launch(sweep(module, "1,two,3"))
    assert caught.value.fields == {"--number": "`two` is not a whole number."}
    assert service.groups.recent() == []
    assert not service.settings.runs_dir.exists()


def test_what_waits_is_stopped_before_it_starts_and_what_runs_is_stopped(
    desk: Desk,
) -> None:
    module = desk.module("count", COUNT)
    service, other = desk.service(), desk.service()
    group = service.groups.launch(sweep(module, "1..6", wait="600"))

    def two_run() -> bool:
        service.sync()
        counts = service.groups.progress(group.group_id).counts
        return counts.get("running", 0) == 2

    until(two_run, "two run")
    other.groups.stop(group.group_id[-6:], kill_now=True)
    assert finished(service, group) == {"stopped": 6}
    reasons = [
        row.run.verdict.reason
        for row in service.groups.table(group.group_id)
        if row.run is not None
    ]
    assert reasons.count("Stopped by an admin before it started.") == 4


def test_what_failed_is_run_again_and_stands_in_for_what_it_repeats(
    desk: Desk,
) -> None:
    module = desk.module("count", COUNT)
    service = desk.service()
    group = service.groups.launch(sweep(module, "1..5", fail_at="2,4"))
    assert finished(service, group) == {"succeeded": 3, "failed": 2}
    desk.module("count", COUNT.replace("sys.exit(3 if", "sys.exit(0 if"))
    again = service.groups.rerun_failed(group.group_id)
    assert again.again == group.group_id
    assert [run.point for run in again.runs] == [("2",), ("4",)]
    assert finished(service, group) == {"succeeded": 5}
    rows = service.groups.table(group.group_id)
    assert [row.tries for row in rows] == [1, 2, 1, 2, 1]
    assert [one.group_id for one in service.groups.recent()] == [group.group_id]
    with pytest.raises(ValuesError, match="Nothing of group"):
        service.groups.rerun_failed(group.group_id)


def test_a_viewer_sees_groups_and_starts_nothing(desk: Desk) -> None:
    module = desk.module("count", COUNT)
    admin, viewer = desk.service(), desk.service(Role.VIEWER)
    group = admin.groups.launch(sweep(module, "1..2"))
    viewer.groups.attend()
    assert viewer.groups.progress(group.group_id).total == 2
    for action in (
        lambda: viewer.groups.launch(sweep(module, "1..2")),
        lambda: viewer.groups.stop(group.group_id),
        lambda: viewer.groups.pause(group.group_id),
        lambda: viewer.groups.resume(group.group_id),
        lambda: viewer.groups.set_limit(group.group_id, 3),
        lambda: viewer.groups.rerun_failed(group.group_id),
        viewer.groups.start_next,
    ):
        with pytest.raises(PermissionDenied):
            action()
    finished(admin, group)


def test_a_group_that_is_paused_starts_nothing_until_it_is_resumed(
    desk: Desk,
) -> None:
    module = desk.module("count", COUNT)
    service = desk.service()
    group = service.groups.launch(sweep(module, "1..4", limit=1, wait="0.3"))
    service.groups.pause(group.group_id)

    def none_runs() -> bool:
        service.sync()
        return service.groups.progress(group.group_id).active == 0

    until(none_runs, "what ran has ended")
    progress = service.groups.progress(group.group_id)
    assert progress.state is GroupState.PAUSED
    assert "an admin has paused it" in progress.notice
    assert progress.queued >= 2
    service.groups.resume(group.group_id)
    assert finished(service, group) == {"succeeded": 4}


def test_one_run_that_waits_is_stopped_by_itself(desk: Desk) -> None:
    module = desk.module("count", COUNT)
    service = desk.service()
    group = service.groups.launch(sweep(module, "1..4", limit=1, wait="0.3"))
    stopped = service.stop(group.runs[3].run_id)
    assert stopped.verdict.rule == "stopped_before_start"
    assert finished(service, group) == {"succeeded": 3, "stopped": 1}


def test_unknown_groups_are_said_to_be(desk: Desk) -> None:
    service = desk.service()
    for name in ("nothing", "../../etc", "g" * 300, ""):
        with pytest.raises(GroupNotFound):
            service.groups.get(name)


def test_runs_that_wait_are_counted_and_not_shown_as_running(desk: Desk) -> None:
    module = desk.module("count", COUNT)
    service = desk.service()
    group = service.groups.launch(sweep(module, "1..9", limit=1, wait="600"))
    until(lambda: service.counts()["running"] + service.counts()["starting"], "one")
    assert service.counts()[RunState.QUEUED] == 8
    service.groups.stop(group.group_id, kill_now=True)
    finished(service, group)
