"""Runs that wait for their turn: started once, whoever tries."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import RunGone
from opsdash_widgets.core.model import Outcome, RunSpec, RunState
from opsdash_widgets.core.rundir import (
    end_before_start,
    new_run_id,
    queue_run_dirs,
    read_spec,
    read_verdict,
    take_turn,
)

from .conftest import Bench


def queued(runs: Path, count: int = 1, **fields: object) -> list[Path]:
    specs = [
        RunSpec(run_id=new_run_id(), module="jobs.x", group="g-1", **fields)  # type: ignore[arg-type]  # fields of a RunSpec
        for _ in range(count)
    ]
    return queue_run_dirs(runs, specs)


def test_a_run_that_waits_is_a_complete_directory_without_a_lock(
    tmp_path: Path,
) -> None:
    paths = queued(tmp_path / "runs", 3)
    for path in paths:
        assert sorted(entry.name for entry in path.iterdir()) == [
            "exit.slot",
            "spec.json",
        ]
        assert path.stat().st_mode & 0o777 == 0o700
        assert (path / "spec.json").stat().st_mode & 0o777 == 0o600
        assert read_spec(path).group == "g-1"
        verdict = read_verdict(path)
        assert (verdict.state, verdict.rule) == (RunState.QUEUED, "not_started")


def test_hundreds_that_wait_hold_no_descriptor(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - not a folder of files
    queued(tmp_path / "runs", 300)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - as above


def test_of_many_who_try_one_gets_the_turn(tmp_path: Path) -> None:
    for path in queued(tmp_path / "runs", 20):
        barrier, got = threading.Barrier(8), []

        def attempt(
            path: Path = path,
            barrier: threading.Barrier = barrier,
            got: list[int | None] = got,
        ) -> None:
            barrier.wait()
            got.append(take_turn(path))

        threads = [threading.Thread(target=attempt) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held = [fd for fd in got if fd is not None]
        assert len(held) == 1
        assert read_verdict(path).state is RunState.STARTING
        os.close(held[0])
        names = {entry.name for entry in path.iterdir()}
        assert names == {"spec.json", "exit.slot", "lock"}


def test_a_starter_that_dies_with_the_turn_leaves_a_run_that_still_waits(
    tmp_path: Path,
) -> None:
    (path,) = queued(tmp_path / "runs")
    first = take_turn(path)
    assert first is not None
    assert take_turn(path) is None
    os.close(first)  # what the kernel does when the starter dies
    assert read_verdict(path).state is RunState.QUEUED
    again = take_turn(path)
    assert again is not None
    os.close(again)


def test_a_supervisor_that_died_after_it_signed_is_not_started_again(
    tmp_path: Path,
) -> None:
    (path,) = queued(tmp_path / "runs")
    lock = take_turn(path)
    assert lock is not None
    os.write(lock, b"123 456 boot\n")
    os.close(lock)
    assert read_verdict(path).outcome is Outcome.LOST
    assert read_verdict(path).rule == "lost_at_start"
    assert take_turn(path) is None


def test_a_run_without_a_group_whose_launcher_died_is_lost_as_before(
    bench: Bench,
) -> None:
    (path,) = queue_run_dirs(
        bench.runs, [RunSpec(run_id=new_run_id(), module="jobs.x")]
    )
    (path / "lock").touch(mode=0o600)
    assert read_verdict(path).rule == "lost_at_start"


def test_a_run_that_waits_ends_as_stopped_and_is_never_started(
    tmp_path: Path,
) -> None:
    (path,) = queued(tmp_path / "runs")
    assert end_before_start(path, by="ann")
    verdict = read_verdict(path)
    assert verdict.outcome is Outcome.STOPPED
    assert verdict.reason == "Stopped by ann before it started."
    assert (verdict.rule, verdict.rung) == ("stopped_before_start", "")
    assert verdict.ended is not None
    assert abs(verdict.ended - time.time()) < 60
    assert take_turn(path) is None
    assert not end_before_start(path, by="ben")
    assert "ann" in read_verdict(path).reason


def test_the_taken_turn_is_the_supervisors_lock(bench: Bench) -> None:
    module = bench.module("hello", "print('hello')")
    spec = RunSpec(
        run_id=new_run_id(),
        module=module,
        interpreter=sys.executable,
        cwd=str(bench.modules),
        group="g-1",
    )
    (path,) = queue_run_dirs(bench.runs, [spec])
    bench.launched.append(path)
    lock = take_turn(path)
    assert lock is not None
    bench.executor.submit(path, spec, lock)
    assert bench.ended(path).outcome is Outcome.SUCCEEDED
    assert not end_before_start(path, by="ann")
    assert take_turn(path) is None
    assert bench.output(path) == "hello\n"


def test_a_directory_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(RunGone):
        take_turn(tmp_path / "nothing")
    with pytest.raises(RunGone):
        end_before_start(tmp_path / "nothing", by="ann")
