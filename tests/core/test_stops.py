"""Stops that meet garbage, hurry, each other and their own withdrawal."""

from __future__ import annotations

import fcntl
import json
import os
import signal
from typing import Any

import pytest

from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.rundir import (
    read_rungs,
    read_verdict,
    request_stop,
    withdraw_stop,
)

from .conftest import WAITS

DEAF = "import signal\nsignal.signal(15, signal.SIG_IGN)\n"

GENTLE = {"ask_s": 0.0, "grace_s": 30.0}

GARBAGE = [
    b"",
    b"[]",
    b"7",
    b'"stop"',
    b"null",
    b"{",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"stop": false, "ask_s": "soon", "by": 3}',
    b'{"pause": 1e999, "kill": true}',
    b'{"stop": "no"}',
]


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_a_control_file_that_is_garbage_asks_for_nothing(
    bench: Any, garbage: bytes
) -> None:
    run_dir = bench.running()
    (run_dir / "control.json").write_bytes(garbage)
    bench.executor._supervisors[0].send_signal(signal.SIGUSR1)
    assert read_verdict(run_dir).state is RunState.RUNNING
    request_stop(run_dir, by="ada", kill=False, **GENTLE)
    verdict = bench.ended(run_dir)
    assert (verdict.outcome, verdict.exit_code) == (Outcome.STOPPED, 143)


def test_grace_times_that_are_none_are_replaced(bench: Any) -> None:
    run_dir = bench.running()
    wrong = {"stop": True, "ask_s": "now", "grace_s": None, "by": "ada" * 9000}
    (run_dir / "control.json").write_text(json.dumps(wrong))
    verdict = bench.ended(run_dir)
    assert verdict.outcome is Outcome.STOPPED
    assert verdict.reason.startswith("Stopped by adaada")


def test_a_name_that_is_half_a_character_does_not_damage_the_exit_record(
    bench: Any,
) -> None:
    run_dir = bench.running()
    (run_dir / "control.json").write_text('{"stop": true, "by": "x\\ud800"}')
    assert bench.ended(run_dir).outcome is Outcome.STOPPED


@pytest.mark.parametrize("name", ["control.json", "ladder.jsonl", "control.lock"])
@pytest.mark.parametrize("kind", ["folder", "fifo", "link"])
def test_a_run_can_be_stopped_whatever_stands_in_place_of_a_file(
    bench: Any, name: str, kind: str
) -> None:
    run_dir = bench.running()
    if kind == "folder":
        (run_dir / name).mkdir()
        (run_dir / name / "full").touch()
    elif kind == "fifo":
        os.mkfifo(run_dir / name)
    else:
        (run_dir / name).symlink_to("/etc/hostname")
    request_stop(run_dir, by="ada", kill=False, **GENTLE)
    assert bench.ended(run_dir).outcome is Outcome.STOPPED


def test_a_stop_is_seen_at_once_after_another_in_the_same_tick(bench: Any) -> None:
    run_dir = bench.running(DEAF)
    request_stop(run_dir, by="ada", kill=False, ask_s=600, grace_s=600)
    bench.until(lambda: read_rungs(run_dir), "the supervisor has read it")
    seen = (run_dir / "control.json").stat()
    request_stop(run_dir, by="bob", kill=True, ask_s=600, grace_s=600)
    times = (seen.st_atime_ns, seen.st_mtime_ns)
    os.utime(run_dir / "control.json", ns=times)
    assert bench.ended(run_dir).signal == signal.SIGKILL


def test_a_stop_before_the_job_exists_is_not_lost(bench: Any) -> None:
    module = bench.module("long", WAITS)
    for _ in range(5):
        run_dir = bench.launch(module)
        request_stop(run_dir, by="ada", kill=False, ask_s=0, grace_s=0)
        assert bench.ended(run_dir).outcome is Outcome.STOPPED


def test_a_signal_that_wakes_a_young_supervisor_does_not_end_it(bench: Any) -> None:
    for _ in range(10):
        run_dir = bench.launch(bench.module("quick", "print('done')"))
        lock = run_dir / "lock"
        while len(signer := lock.read_text().split()) < 3:
            pass
        os.kill(int(signer[0]), signal.SIGUSR1)
        assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED


def test_a_withdrawn_stop_leaves_no_trace(bench: Any) -> None:
    run_dir = bench.running()
    request_stop(run_dir, by="ada", kill=False, ask_s=600, grace_s=600)
    bench.until(lambda: read_rungs(run_dir), "the supervisor has read it")
    assert read_verdict(run_dir).state is RunState.STOPPING
    assert withdraw_stop(run_dir)
    verdict = read_verdict(run_dir)
    assert (verdict.state, verdict.rung) == (RunState.RUNNING, "")


def test_a_stop_that_was_signalled_cannot_be_withdrawn_and_goes_on(bench: Any) -> None:
    run_dir = bench.running(DEAF)
    request_stop(run_dir, by="ada", kill=False, ask_s=0, grace_s=0.2)
    bench.until(lambda: len(read_rungs(run_dir)) > 1, "it was signalled")
    assert not withdraw_stop(run_dir)
    control = json.loads((run_dir / "control.json").read_text())
    (run_dir / "control.json").write_text(json.dumps({**control, "stop": False}))
    assert bench.ended(run_dir).signal == signal.SIGKILL


def test_a_withdrawal_keeps_what_it_says(bench: Any) -> None:
    module = bench.module("long", WAITS)
    for _ in range(8):
        run_dir = bench.launch(module)
        bench.until_printed(run_dir, "ready")
        request_stop(run_dir, by="ada", kill=False, ask_s=0.01, grace_s=30)
        if withdraw_stop(run_dir):
            bench.executor._supervisors[-1].send_signal(signal.SIGUSR1)
            assert read_rungs(run_dir)[1:] == []
            request_stop(run_dir, by="bob", kill=True, ask_s=0, grace_s=0)
            assert bench.ended(run_dir).reason.startswith("Stopped by bob")
        else:
            assert bench.ended(run_dir).reason == "Stopped by ada."


def test_a_session_that_hangs_while_it_writes_does_not_keep_a_run_alive(
    bench: Any,
) -> None:
    run_dir = bench.running()
    with (run_dir / "control.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        request_stop(run_dir, by="ada", kill=False, **GENTLE)
        assert bench.ended(run_dir).outcome is Outcome.STOPPED
