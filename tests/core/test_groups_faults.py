"""Groups when sessions die: nothing is started twice, nothing is started blindly."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import GroupError, LaunchError
from opsdash_widgets.core.executors import LocalExecutor
from opsdash_widgets.core.model import (
    GroupState,
    RunGroup,
)
from opsdash_widgets.core.service import Service

from .desk import Desk, until
from .sessions import (
    LAUNCHES,
    NOTES,
    STARTS,
    Sessions,
    request,
    starts,
    until_over,
)


def test_three_starters_of_which_one_dies_again_and_again_start_each_run_once(
    desk: Desk, sessions: Sessions, into: Path
) -> None:
    desk.module("notes", NOTES)
    service = desk.service()
    sweep = request(into, "1..60", limit=3, wait="0.2")
    group = service.groups.launch(sweep)
    sessions.start(STARTS, str(desk.project))
    killed = 0
    while len(starts(into)) < 45:
        doomed, _ = sessions.start(STARTS, str(desk.project))
        sessions.kill(doomed)
        killed += 1
    assert killed
    assert until_over(service, group.group_id) == {"succeeded": 60}
    assert starts(into) == Counter({str(number): 1 for number in range(1, 61)})


def test_a_starter_killed_with_the_turn_in_its_hand_loses_no_run(
    desk: Desk, sessions: Sessions, into: Path
) -> None:
    desk.module("notes", NOTES)
    service = desk.service()
    # It dies between the lock of a run and the start of its supervisor.
    dies = STARTS.replace(
        "    service = open_service",
        "    import os, signal\n"
        "    from opsdash_widgets.core.executors import LocalExecutor\n"
        "    LocalExecutor._start = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    service = open_service",
    )
    group = service.groups.launch(request(into, "1..6", limit=1, wait="0.4"))
    deaths = []
    for _ in range(3):  # the session that launched it goes on meanwhile
        process, _ = sessions.start(dies, str(desk.project))
        deaths.append(process)
    assert until_over(service, group.group_id) == {"succeeded": 6}
    assert starts(into) == Counter({str(number): 1 for number in range(1, 7)})
    assert -signal.SIGKILL in [process.poll() for process in deaths]


def test_what_a_crash_leaves_behind_is_paused_and_resumed_by_whoever_wants_it(
    desk: Desk, sessions: Sessions, into: Path
) -> None:
    desk.module("notes", NOTES)
    words = (str(desk.project), str(into), "1..8", "0.3")
    process, group_id = sessions.start(LAUNCHES, *words)
    until(lambda: len(starts(into)) >= 2, "some have begun")
    sessions.kill(process)
    service = desk.service()
    service.groups.attend()
    progress = service.groups.progress(group_id)
    assert progress.group.paused
    assert "has ended unexpectedly" in progress.notice
    begun = len(starts(into))
    until(lambda: _active(service, group_id) == 0, "what ran has ended")
    assert len(starts(into)) == begun
    progress = service.groups.progress(group_id)
    assert progress.state is GroupState.PAUSED
    assert f"{8 - begun} of 8 not started" in progress.notice
    service.groups.resume(group_id)
    assert until_over(service, group_id) == {"succeeded": 8}
    assert starts(into) == Counter({str(number): 1 for number in range(1, 9)})


def _active(service: Service, group_id: str) -> int:
    service.sync()
    return service.groups.progress(group_id).active


def test_after_a_reboot_the_reason_says_so(
    desk: Desk,
    sessions: Sessions,
    into: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk.module("notes", NOTES)
    words = (str(desk.project), str(into), "1..4", "0.1")
    process, group_id = sessions.start(LAUNCHES, *words)
    sessions.kill(process)
    (tmp_path / "boot").write_text("another boot\n")
    monkeypatch.setenv("OPSDASH_BOOT_ID", str(tmp_path / "boot"))
    service = desk.service()
    service.groups.attend()
    group = service.groups.get(group_id)
    assert group.paused or group.drained
    if group.paused:
        assert group.reason == "The machine was restarted."


def test_closing_the_last_session_leaves_a_group_that_a_terminal_goes_on_with(
    desk: Desk, into: Path
) -> None:
    desk.module("notes", NOTES)
    first = desk.service()
    group = first.groups.launch(request(into, "1..6", limit=1, wait="0.2"))
    until(lambda: starts(into), "one has begun")
    first.groups.close()
    assert first.groups.get(group.group_id).left > 0
    panel = desk.service()
    panel.groups.attend()
    assert panel.groups.get(group.group_id).paused
    assert "was closed" in panel.groups.get(group.group_id).reason
    panel.groups.resume(group.group_id)
    panel.groups.close()
    terminal = desk.service()
    terminal.groups.attend(go_on=True)
    assert not terminal.groups.get(group.group_id).paused
    assert until_over(terminal, group.group_id) == {"succeeded": 6}


def test_while_another_session_is_there_closing_one_stops_nothing(
    desk: Desk, sessions: Sessions, into: Path
) -> None:
    desk.module("notes", NOTES)
    service = desk.service()
    group = service.groups.launch(request(into, "1..6", limit=1, wait="0.1"))
    sessions.start(STARTS, str(desk.project))
    service.groups.close()
    looks = desk.service()
    assert until_over(looks, group.group_id) == {"succeeded": 6}
    assert not looks.groups.get(group.group_id).left


def test_a_launch_cut_short_leaves_nothing_that_is_started(
    desk: Desk, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opsdash_widgets.core import rundir

    desk.module("notes", NOTES)
    service = desk.service()
    real = rundir.queue_run_dirs

    def full(runs_dir: Path, specs: list[object]) -> list[Path]:
        real(runs_dir, specs[:3])  # type: ignore[arg-type]  # the first few
        raise LaunchError("The disk is full.")

    monkeypatch.setattr(rundir, "queue_run_dirs", full)
    with pytest.raises(LaunchError, match="disk is full"):
        service.groups.launch(request(into, "1..6"))
    assert service.groups.recent() == []
    assert list(service.settings.runs_dir.iterdir()) == []
    assert not starts(into)


def test_a_launch_killed_while_it_queues_is_paused_and_never_started_by_itself(
    desk: Desk, sessions: Sessions, into: Path
) -> None:
    desk.module("notes", NOTES)
    dies = LAUNCHES.replace(
        "    service = open_service",
        "    import os, signal\n"
        "    from opsdash_widgets.core import rundir\n"
        "    real = rundir.queue_run_dirs\n"
        "    def few(runs_dir, specs):\n"
        "        real(runs_dir, specs[:3])\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "    rundir.queue_run_dirs = few\n"
        "    service = open_service",
    )
    sessions.start(dies, str(desk.project), str(into), "1..6", "0")
    service = desk.service()
    service.groups.attend()
    service.sync()
    (group,) = service.groups.recent()
    progress = service.groups.progress(group.group_id)
    assert progress.state is GroupState.PAUSED
    assert "before all of its runs were queued" in progress.notice
    assert progress.counts == {"queued": 3, "lost": 3}
    assert not starts(into)
    service.groups.stop(group.group_id)
    assert until_over(service, group.group_id) == {"stopped": 3, "lost": 3}


def test_a_run_that_can_never_be_started_ends_with_its_reason(
    desk: Desk, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("illegal environment variable name")

    desk.module("notes", NOTES)
    monkeypatch.setattr(LocalExecutor, "_start", refuse)
    service = desk.service()
    group = service.groups.launch(request(into, "1..3"))
    assert until_over(service, group.group_id) == {"start_failed": 3}
    row = service.groups.table(group.group_id)[0]
    assert row.run is not None
    assert "environment variable" in row.run.verdict.reason


def test_a_supervisor_killed_in_the_middle_frees_its_place(
    desk: Desk, into: Path
) -> None:
    desk.module("notes", NOTES)
    service = desk.service()
    group = service.groups.launch(request(into, "1..3", limit=1, wait="0.2"))
    until(lambda: _supervisor(service, group), "one has signed")
    pid = _supervisor(service, group)
    assert pid
    os.kill(pid, signal.SIGKILL)
    counts = until_over(service, group.group_id)
    assert sum(counts.values()) == 3
    assert counts.get("succeeded", 0) >= 2
    assert starts(into) == Counter({"1": 1, "2": 1, "3": 1})


def _supervisor(service: Service, group: RunGroup) -> int:
    path = service.settings.runs_dir / group.runs[0].run_id
    child = path / "child.json"
    if not child.exists():
        return 0
    return int((path / "lock").read_text().split()[0])


def test_a_damaged_record_hides_no_other_group(desk: Desk, into: Path) -> None:
    desk.module("notes", NOTES)
    service = desk.service()
    group = service.groups.launch(request(into, "1..2"))
    broken = service.groups.files.folder / "g20240101T000000000-abcdef.json"
    broken.write_text('{"group_id": "g2024')
    service.groups.attend()
    assert until_over(service, group.group_id) == {"succeeded": 2}
    assert [one.group_id for one in service.groups.recent()] == [group.group_id]
    with pytest.raises(GroupError, match="damaged"):
        service.groups.get("g20240101T000000000-abcdef")


def test_a_session_that_hangs_in_its_turn_is_told_of(
    desk: Desk, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.module("notes", NOTES)
    holder, waiter = desk.service(), desk.service()
    holder.groups.launch(request(into, "1..1"))
    with (
        holder.groups.files.turn(),
        pytest.raises(GroupError, match="Another session"),
        waiter.groups.files.turn(wait_s=0.05),
    ):
        time.sleep(0)
