"""So many runs start at a time: a place is taken, and given back on every way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.executors import starting
from opsdash_widgets.core.executors.starting import FOLDER, take_place
from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.rundir import read_verdict

from .desk import until


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "PATIENCE_S", 0.05)


def all_free(runs: Path, places: int) -> bool:
    """Whether all places can be had at once."""
    taken = [take_place(runs, places) for _ in range(places)]
    for fd in taken:
        if fd >= 0:
            os.close(fd)
    return -1 not in taken


def test_of_two_places_two_can_be_had(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    first, second = take_place(runs, 2), take_place(runs, 2)
    assert take_place(runs, 2) == -1  # waited in vain, and goes on all the same
    os.close(first)
    third = take_place(runs, 2)
    assert third >= 0
    os.close(second)
    os.close(third)


def test_a_module_that_runs_has_given_its_place_back(bench: Any) -> None:
    run_dir = bench.running()
    assert all_free(bench.runs, os.cpu_count() or 1)
    assert read_verdict(run_dir).state is RunState.RUNNING
    pid = read_verdict(run_dir).pid
    opened = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]
    assert not any(f"/{FOLDER}/" in name for name in opened)


def test_a_job_that_cannot_start_gives_its_place_back(bench: Any) -> None:
    run_dir = bench.launch(bench.module("quick", ""), interpreter="/nowhere/python")
    assert bench.ended(run_dir).outcome is Outcome.START_FAILED
    assert all_free(bench.runs, os.cpu_count() or 1)


def test_a_supervisor_that_is_killed_gives_its_place_back(bench: Any) -> None:
    bench.launch(bench.module("quick", "import time\ntime.sleep(1)\n"))
    bench.executor._supervisors[0].kill()
    until(
        lambda: all_free(bench.runs, os.cpu_count() or 1), "the places are free again"
    )


def test_a_launch_needs_no_place_where_none_can_be_made(bench: Any) -> None:
    (bench.runs.parent / FOLDER).write_text("in the way")
    verdict, output = bench.run(bench.module("prints", "print('hello')\n"))
    assert (verdict.outcome, output) == (Outcome.SUCCEEDED, "hello\n")


def test_a_link_in_the_place_of_a_place_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir()
    (folder / "0").symlink_to(tmp_path / "elsewhere")
    assert take_place(tmp_path / "runs", 1) == -1
    assert not (tmp_path / "elsewhere").exists()
