"""The supervisor, with real processes: outcomes, the stop ladder, the tree."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.rundir import read_rungs, read_verdict, request_stop
from opsdash_widgets.core.rundir.processes import start_ticks

HEAVY = {"ask_s": 0.1, "grace_s": 0.3}
"""Grace times for jobs that will not end by themselves."""

GENTLE = {"ask_s": 0.0, "grace_s": 30.0}
"""Grace times for jobs that will."""


@pytest.mark.parametrize(
    ("ending", "outcome", "code", "number"),
    [
        ("pass", Outcome.SUCCEEDED, 0, None),
        ("raise SystemExit(3)", Outcome.FAILED, 3, None),
        ("raise KeyError('EURUSD')", Outcome.FAILED, 1, None),
        ("import os; os._exit(7)", Outcome.FAILED, 7, None),
        ("import os; os.kill(os.getpid(), 9)", Outcome.KILLED, None, 9),
        ("import os; os.abort()", Outcome.KILLED, None, 6),
        ("import sys; sys.exit('no such curve')", Outcome.FAILED, 1, None),
    ],
)
def test_every_way_to_end_gets_its_outcome(
    bench: Any, ending: str, outcome: Outcome, code: int | None, number: int | None
) -> None:
    module = bench.module("ends", f"print('begun')\n{ending}\n")
    verdict, output = bench.run(module)
    assert (verdict.outcome, verdict.exit_code, verdict.signal) == (
        outcome,
        code,
        number,
    )
    assert output.startswith("begun\n")
    assert bool(verdict.reason) is (outcome is not Outcome.SUCCEEDED)


def test_a_job_that_cannot_be_started_says_what_is_missing(bench: Any) -> None:
    module = bench.module("never", "print('never')")
    verdict = bench.ended(bench.launch(module, interpreter="/nowhere/python"))
    assert verdict.outcome is Outcome.START_FAILED
    assert "interpreter" in verdict.reason
    verdict = bench.ended(bench.launch(module, cwd="/nowhere"))
    assert verdict.outcome is Outcome.START_FAILED
    assert "working directory" in verdict.reason


def test_the_supervisor_exits_with_the_jobs_code(bench: Any) -> None:
    bench.launch(bench.module("three", "raise SystemExit(3)"))
    supervisor = bench.executor._supervisors[0]
    assert supervisor.wait(timeout=60) == 3


def test_the_run_directory_is_private_under_any_umask(bench: Any) -> None:
    old = os.umask(0)
    try:
        run_dir = bench.launch(bench.module("quick", "print('x')"))
    finally:
        os.umask(old)
    bench.ended(run_dir)
    assert stat.S_IMODE(run_dir.stat().st_mode) == 0o700
    for path in run_dir.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path.name


def test_a_stop_lets_finally_and_atexit_run(bench: Any) -> None:
    module = bench.module(
        "tidy",
        """
        import atexit, time
        atexit.register(lambda: print("atexit ran"))
        try:
            print("ready")
            time.sleep(600)
        finally:
            print("finally ran")
        """,
    )
    run_dir = bench.launch(module)
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="ada", kill=False, **GENTLE)
    assert read_verdict(run_dir).state in (RunState.STOPPING, RunState.FINISHED)
    verdict = bench.ended(run_dir)
    assert verdict.outcome is Outcome.STOPPED
    assert verdict.reason == "Stopped by ada."
    assert [rung.rung for rung in read_rungs(run_dir)] == ["ask", "terminate"]
    assert bench.output(run_dir).endswith("finally ran\natexit ran\n")


def test_a_job_that_ends_well_although_asked_to_stop_has_succeeded(bench: Any) -> None:
    module = bench.module(
        "fine",
        """
        import signal, time
        signal.signal(signal.SIGTERM, lambda *_: exit(0))
        print("ready")
        time.sleep(600)
        """,
    )
    run_dir = bench.launch(module)
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="ada", kill=False, **GENTLE)
    assert bench.ended(run_dir).outcome is Outcome.SUCCEEDED


STUBBORN = """
    import os, signal, subprocess, sys, time
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    loop = "trap '' TERM; echo $$ >> pids; while :; do sleep 1; done"
    subprocess.Popen(["sh", "-c", loop])                             # a plain child
    subprocess.Popen(["sh", "-c", loop], start_new_session=True)     # its own session
    subprocess.Popen(["sh", "-c", loop], env={}, close_fds=True)     # no environment
    subprocess.Popen(["sh", "-c", 'sh -c "$0" & exit', loop])        # a grandchild
    if os.fork() == 0:                                               # a real daemon
        os.setsid()
        if os.fork() == 0:
            os.execvpe("sh", ["sh", "-c", loop], {"PATH": os.environ["PATH"]})
        os._exit(0)
    while len(open("pids").readlines() if os.path.exists("pids") else []) < 5:
        time.sleep(0.01)
    print("ready")
    time.sleep(600)
"""


def test_a_tree_that_ignores_sigterm_dies_to_its_last_daemon(bench: Any) -> None:
    run_dir = bench.launch(bench.module("stubborn", STUBBORN))
    bench.until_printed(run_dir, "ready")
    pids = [int(line) for line in (bench.modules / "pids").read_text().split()]
    assert all(start_ticks(pid) for pid in pids)
    request_stop(run_dir, by="ada", kill=False, **HEAVY)
    verdict = bench.ended(run_dir)
    assert verdict.outcome is Outcome.STOPPED
    assert verdict.signal == signal.SIGKILL
    assert verdict.rung == "kill"
    bench.until(lambda: not any(start_ticks(pid) for pid in pids), "all are gone")


def test_kill_now_skips_the_grace_times(bench: Any) -> None:
    run_dir = bench.launch(bench.module("stubborn", STUBBORN))
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="ada", kill=False, ask_s=600, grace_s=600)
    request_stop(run_dir, by="bob", kill=True, ask_s=600, grace_s=600)
    verdict = bench.ended(run_dir)
    assert verdict.outcome is Outcome.STOPPED
    assert "ada" in verdict.reason  # two requests are one stop, and she asked first


def test_a_stopped_process_still_hears_sigterm(bench: Any) -> None:
    module = bench.module(
        "frozen", "import os, signal\nprint('ready')\nos.kill(os.getpid(), 19)\n"
    )
    run_dir = bench.launch(module)
    bench.until_printed(run_dir, "ready")
    request_stop(run_dir, by="ada", kill=False, **GENTLE)
    assert bench.ended(run_dir).rung == "terminate"


def test_what_a_job_leaves_running_ends_with_it(bench: Any) -> None:
    module = bench.module(
        "leaves",
        """
        import subprocess
        child = subprocess.Popen(["sleep", "600"], start_new_session=True)
        print(child.pid)
        """,
    )
    verdict, output = bench.run(module)
    assert verdict.outcome is Outcome.SUCCEEDED
    bench.until(lambda: start_ticks(int(output)) is None, "the sleeper is gone")


def test_a_run_whose_supervisor_is_killed_is_orphaned_and_then_lost(bench: Any) -> None:
    module = bench.module("long", "import time\nprint('ready')\ntime.sleep(600)\n")
    run_dir = bench.launch(module)
    bench.until_printed(run_dir, "ready")
    supervisor = bench.executor._supervisors[0]
    supervisor.kill()
    supervisor.wait()
    verdict = read_verdict(run_dir)
    assert verdict.state is RunState.ORPHANED
    os.kill(verdict.pid, signal.SIGKILL)
    verdict = bench.ended(run_dir)
    assert verdict.outcome is Outcome.LOST
    assert verdict.rule == "lost"


def test_a_deleted_run_directory_leaves_nothing_running(bench: Any) -> None:
    module = bench.module("long", "import time\nprint('ready')\ntime.sleep(600)\n")
    run_dir = bench.launch(module)
    bench.until_printed(run_dir, "ready")
    pid = read_verdict(run_dir).pid
    for path in run_dir.iterdir():
        path.unlink()
    run_dir.rmdir()
    os.kill(pid, signal.SIGTERM)
    bench.until(lambda: start_ticks(pid) is None, "the job has ended")
    bench.executor._supervisors[0].wait(timeout=60)


def test_a_secret_is_on_no_command_line_and_in_no_file(bench: Any) -> None:
    module = bench.module(
        "secretive",
        """
        import sys, time
        assert sys.argv[1] == "--token=hunter2", sys.argv
        print("ready")
        time.sleep(600)
        """,
    )
    run_dir = bench.launch(module, "--token=*", secrets=[(0, "--token=hunter2")])
    bench.until_printed(run_dir, "ready")
    pid = read_verdict(run_dir).pid
    for member in (pid, bench.executor._supervisors[0].pid):
        assert b"hunter2" not in Path(f"/proc/{member}/cmdline").read_bytes()
        assert b"hunter2" not in Path(f"/proc/{member}/environ").read_bytes()
    for path in run_dir.iterdir():
        assert b"hunter2" not in path.read_bytes(), path.name


def test_the_job_inherits_neither_the_locks_of_the_supervisor_nor_its_signals(
    bench: Any,
) -> None:
    module = bench.module(
        "inherits",
        """
        import json, os, signal
        folder = "/proc/self/fd"
        paths = [f"{folder}/{fd}" for fd in os.listdir(folder)]
        opened = [os.readlink(path) for path in paths if os.path.exists(path)]
        print(json.dumps({
            "files": sorted(os.path.basename(p) for p in opened),
            "blocked": [int(s) for s in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
            "hup": signal.getsignal(signal.SIGHUP) == signal.SIG_DFL,
        }))
        """,
    )
    _, output = bench.run(module)
    seen = json.loads(output)
    assert seen["blocked"] == []
    assert seen["hup"] is True
    assert "lock" not in seen["files"]
    assert "exit.slot" not in seen["files"]
    assert seen["files"].count("job.lock") == 1


def test_a_second_supervisor_refuses_a_run_that_has_one(bench: Any) -> None:
    import subprocess

    from opsdash_widgets.core.executors.local import SUPERVISOR

    run_dir = bench.launch(bench.module("long", "import time\ntime.sleep(600)\n"))
    second = subprocess.run(
        [sys.executable, "-I", "-S", SUPERVISOR, run_dir],
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 75
    assert "another supervisor" in second.stderr
