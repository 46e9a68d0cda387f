"""Runs that were launched from within a run are no part of it."""

from __future__ import annotations

import os
import textwrap
from pathlib import Path
from typing import Any

from opsdash_widgets.core.model import Outcome, RunState
from opsdash_widgets.core.rundir import read_verdict, request_freeze, request_stop
from opsdash_widgets.core.supervisor import process

from .desk import until

LAUNCHES = """
import sys, time
sys.path.insert(0, {root!r})
from pathlib import Path
from opsdash_widgets.core.executors import LocalExecutor
from opsdash_widgets.core.model import RunSpec
from opsdash_widgets.core.rundir import create_run_dir
spec = RunSpec(run_id="inner", module="inner", interpreter=sys.executable, cwd={cwd!r})
run_dir, lock = create_run_dir(Path({runs!r}), spec)
LocalExecutor().submit(run_dir, spec, lock)
while not (run_dir / "output.log").exists():
    time.sleep(0.01)
print("ready", flush=True)
{rest}
"""


def nested(bench: Any, rest: str) -> tuple[Path, Path]:
    """A run that has launched another one, and that other one."""
    bench.module("inner", "import time\nprint('inner', flush=True)\ntime.sleep(600)\n")
    where = {"root": str(Path.cwd()), "cwd": str(bench.modules)}
    source = LAUNCHES.format(**where, runs=str(bench.runs), rest=textwrap.dedent(rest))
    outer = bench.running(source=source)
    inner = bench.runs / "inner"
    bench.launched.append(inner)
    bench.until_printed(inner, "inner")
    return outer, inner


def test_a_run_outlives_the_run_that_launched_it(bench: Any) -> None:
    outer, inner = nested(bench, "")
    assert bench.ended(outer).outcome is Outcome.SUCCEEDED
    until(lambda: not (outer / "tree.json").exists(), "what it left has ended")
    assert read_verdict(inner).state is RunState.RUNNING


def test_a_run_that_is_killed_takes_no_other_run_along(bench: Any) -> None:
    outer, inner = nested(bench, "time.sleep(600)")
    request_freeze(outer, freeze=True, by="anna")
    until(lambda: read_verdict(outer).state is RunState.PAUSED, "it is paused")
    supervisor = int((inner / "lock").read_text().split()[0])
    state = process.stat_fields(supervisor)[0]
    request_stop(outer, by="anna", kill=True, ask_s=0, grace_s=0)
    assert bench.ended(outer).outcome is Outcome.STOPPED
    assert state != b"T"
    until(lambda: not (outer / "tree.json").exists(), "its tree has ended")
    assert read_verdict(inner).state is RunState.RUNNING


def test_only_supervisors_are_taken_for_supervisors(bench: Any) -> None:
    run_dir = bench.running()
    supervisor = bench.executor._supervisors[0].pid
    assert process.is_supervisor(supervisor)
    pid = read_verdict(run_dir).pid
    assert pid is not None
    assert not process.is_supervisor(pid)
    assert not process.is_supervisor(os.getpid())
