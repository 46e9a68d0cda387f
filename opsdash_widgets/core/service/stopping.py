"""Stopping a run from any session."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from ..model import Run, RunState
from ..rundir import end_before_start, living_child, request_stop
from ..settings import Settings
from ..supervisor import cgroup, process
from ..supervisor.ladder import Tree


def stop(run: Run, *, by: str, kill_now: bool, settings: Settings) -> None:
    """Ask for a stop; the supervisor climbs the ladder by itself.

    A run that still waits for its turn ends here and now. One without its supervisor
    is signalled from here: SIGTERM first, SIGKILL with ``kill_now``.

    Raises:
        RunGone: the run directory is not there.
        RunUnreadable: it cannot be read now.
        StopError: the run cannot be asked.
    """
    waits = run.verdict.state is RunState.QUEUED
    if waits and end_before_start(Path(run.run_dir), by=by):
        return
    request_stop(
        Path(run.run_dir),
        by=by,
        kill=kill_now,
        ask_s=settings.stop_ask_s,
        grace_s=settings.stop_grace_s,
    )
    if run.verdict.state is RunState.ORPHANED:
        _signal_orphan(run, kill_now=kill_now)


def _signal_orphan(run: Run, *, kill_now: bool) -> None:
    child = living_child(Path(run.run_dir))
    if child is None or child[0] == os.getpid():
        return  # it has ended meanwhile, or it lives where our signals do not reach
    tree = Tree(child[0], cgroup.of_run(run.run_id, child[0]))
    if kill_now:
        tree.kill()
        numbers: tuple[signal.Signals, ...] = (signal.SIGKILL,)
    else:
        tree.terminate()
        numbers = (signal.SIGTERM, signal.SIGCONT)
    for number in numbers:
        process.send(*child, number)
