"""Supervisors with little to work with, and much to do for ever."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any, ClassVar

import pytest

from opsdash_widgets.core.metrics import read_resources
from opsdash_widgets.core.model import Outcome
from opsdash_widgets.core.rundir import request_stop
from opsdash_widgets.core.rundir.processes import start_ticks
from opsdash_widgets.core.supervisor.census import ALL_EVERY_S, Census, Use
from opsdash_widgets.core.supervisor.control import ControlFile, Request
from opsdash_widgets.core.supervisor.ladder import KILLS_AT_ONCE, Ladder
from opsdash_widgets.core.supervisor.resources import MOST_SEEN, Meter

from .conftest import WAITS
from .desk import until

GENTLE = {"kill": False, "ask_s": 0.0, "grace_s": 30.0}


def test_twenty_processes_are_followed_and_stopped_with_two_dozen_open_files(
    bench: Any,
) -> None:
    source = """
        import subprocess, time
        children = [subprocess.Popen(["sleep", "600"]) for _ in range(20)]
        print("ready", flush=True)
        time.sleep(600)
    """
    few = ["prlimit", "--nofile=24:24"]
    run_dir = bench.supervise(bench.module("many", source), through=few)
    bench.until_printed(run_dir, "ready")

    def followed() -> bool:
        samples = read_resources(run_dir, 600).samples
        return bool(samples) and samples[-1].processes == 21

    until(followed, "all are sampled")
    request_stop(run_dir, by="ada", **GENTLE)
    assert bench.ended(run_dir).outcome is Outcome.STOPPED


def test_a_fifo_that_nobody_empties_does_not_keep_a_run_from_being_stopped(
    bench: Any,
) -> None:
    fills = """
import os
import subprocess
path = os.path.dirname(os.readlink("/proc/self/fd/1")) + "/ladder.jsonl"
os.mkfifo(path)
fifo = os.open(path, os.O_RDWR | os.O_NONBLOCK)
try:
    while os.write(fifo, b"x" * 4096): pass
except BlockingIOError: pass
"""
    run_dir = bench.running(before=fills, source=WAITS)
    request_stop(run_dir, by="ada", **GENTLE)
    assert bench.ended(run_dir).outcome is Outcome.STOPPED


def test_a_limit_that_is_reached_during_a_stop_has_not_ended_the_run(
    bench: Any,
) -> None:
    source = """
        import json, os, signal, time
        def told(*_): global stopped; stopped = True
        stopped = False
        signal.signal(signal.SIGTERM, told)
        print("ready", flush=True)
        end = time.monotonic() + 1.5
        while not stopped or time.monotonic() < end: time.sleep(0.01)
        raise SystemExit(5)
    """
    module = bench.module("slow", source)
    run_dir = bench.supervise(module, limits={"time_s": 1})
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="ada", **GENTLE)
    verdict = bench.ended(run_dir)
    assert (verdict.outcome, verdict.limit) == (Outcome.STOPPED, "")
    assert verdict.reason == "Stopped by ada."


class Immortal:
    """A tree that no signal ends, and that starts a process at each look."""

    def __init__(self) -> None:
        self.kills = 0
        self.members: dict[int, int] = {}

    def kill(self) -> int:
        self.kills += 1
        return 1

    def look(self) -> list[Any]:
        first = max(self.members, default=0) + 1
        self.members = dict.fromkeys(range(first, first + 1000), 1)
        return []


def test_what_cannot_be_killed_is_killed_less_often(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dir_fd, tree = os.open(tmp_path, os.O_RDONLY), Immortal()
    clock = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    stop = Request({"stop": True, "kill": True})
    ladder = Ladder(dir_fd, tree, ControlFile(dir_fd), lambda: stop)  # type: ignore[arg-type]  # a double
    for _ in range(2000):
        ladder.climb(stop)
        clock[0] += 0.05
    os.close(dir_fd)
    assert KILLS_AT_ONCE < tree.kills < KILLS_AT_ONCE + 100
    assert (tmp_path / "ladder.jsonl").read_text().count('"kill"') == 1


def test_the_numbers_of_what_has_ended_are_not_kept_for_ever(tmp_path: Path) -> None:
    dir_fd = os.open(tmp_path, os.O_RDONLY)
    meter = Meter(dir_fd, Immortal())  # type: ignore[arg-type]  # a double
    for now in range(100):
        meter._measure(float(now))
    os.close(dir_fd)
    os.close(meter._fd)
    assert 100_000 in meter.seen
    assert len(meter.seen) <= MOST_SEEN + 1000


class Family:
    """A tree of one process, which has used so much."""

    members: ClassVar = {7: 1}

    def __init__(self) -> None:
        self.cpu_us = 0

    def look(self) -> list[Use]:
        ticks = b"%d" % (self.cpu_us * os.sysconf("SC_CLK_TCK") // 1_000_000)
        return [Use([b"S", *[b"0"] * 10, ticks, *[b"0"] * 20], (0, 0))]

    def close(self) -> None: ...


def test_what_had_ended_before_an_adoption_stays_counted(tmp_path: Path) -> None:
    dir_fd, family = os.open(tmp_path, os.O_RDONLY), Family()
    for before, used, total in ((0, 100, 100.0), (0, 30, 130.0), (30, 40, 140.0)):
        family.cpu_us = before * 1_000_000  # what used the rest has ended, uncollected
        meter = Meter(dir_fd, family)  # type: ignore[arg-type]  # a double
        meter._measure(0.0)
        family.cpu_us = used * 1_000_000
        meter._measure(1.0)
        meter._append(0, 0, 0)
        assert meter.close()["cpu_s"] == total
        os.close(meter._fd)
    os.close(dir_fd)


class Village:
    """A tree that somebody has counted already."""

    def __init__(self, *processes: subprocess.Popen[bytes]) -> None:
        self.all = list(processes)

    def members(self) -> set[tuple[int, int]]:
        return {(one.pid, start_ticks(one.pid) or 0) for one in self.all}


def test_who_was_missed_is_found_within_a_minute_and_no_file_stays_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: clock[0])
    first, second = (subprocess.Popen(["/bin/sleep", "600"]) for _ in range(2))
    village = Village(first)
    census = Census(village, 0)  # type: ignore[arg-type]  # a double
    before = set(Path("/proc/self/fd").iterdir())
    assert len(census.look()) == 1
    first.kill()
    first.wait()
    village.all = [second]
    clock[0] += ALL_EVERY_S
    assert len(census.look()) == 1
    assert set(census.members) == {second.pid}
    second.kill()
    second.wait()
    assert census.look() == []
    assert set(Path("/proc/self/fd").iterdir()) == before
    census.close()
