"""Groups whose runs have secret values: in one session's memory, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import LaunchError
from opsdash_widgets.core.model import RunGroup
from opsdash_widgets.core.redaction import MASK
from opsdash_widgets.core.service import Service

from .desk import Desk, until
from .sessions import NOTES, STARTS, Sessions, request, starts, until_over

SECRET = "hunter2-swordfish"  # noqa: S105 - what must not be found on disk


def test_secret_values_are_on_no_disk_and_only_their_session_starts_the_runs(
    desk: Desk, sessions: Sessions, into: Path, home: Path
) -> None:
    desk.module("notes", NOTES)
    service = desk.service()
    sweep = request(into, "1..5", limit=1, wait="0.2", password=SECRET)
    group = service.groups.launch(sweep)
    sessions.start(STARTS, str(desk.project))
    written = [
        path
        for path in (home / "logs").rglob("*")
        if path.is_file() and SECRET.encode() in path.read_bytes()
    ]
    assert written == []
    specs = (home / "logs" / "runs").glob("*/spec.json")
    argvs = [" ".join(json.loads(path.read_text())["argv"]) for path in specs]
    assert len(argvs) == 5
    assert all(MASK in argv for argv in argvs)
    assert until_over(service, group.group_id) == {"succeeded": 5}
    assert {path.read_text() for path in into.iterdir()} == {SECRET}


def test_a_group_whose_secrets_are_lost_says_so_and_is_only_stopped(
    desk: Desk, into: Path
) -> None:
    desk.module("notes", NOTES)
    service = desk.service()
    sweep = request(into, "1..5", limit=1, wait="600", password=SECRET)
    group = service.groups.launch(sweep)
    until(lambda: starts(into), "one has begun")
    service.groups.close()
    _forget_holder(service, group)
    other = desk.service()
    other.groups.attend()
    other.groups.resume(group.group_id)
    other.groups.start_next()
    assert len(starts(into)) == 1
    notice = other.groups.progress(group.group_id).notice
    assert "Its secret values were known to the session that launched it" in notice
    other.groups.stop(group.group_id, kill_now=True)
    assert until_over(other, group.group_id) == {"stopped": 5}
    with pytest.raises(LaunchError, match="Secret values are not stored"):
        other.groups.rerun_failed(group.group_id, stopped=True)


def _forget_holder(service: Service, group: RunGroup) -> None:
    """As if the session that launched it had ended."""
    path = service.groups.files.folder / f"{group.group_id}.json"
    record = json.loads(path.read_text())
    path.write_text(json.dumps({**record, "holder": "1 2 another boot"}))
