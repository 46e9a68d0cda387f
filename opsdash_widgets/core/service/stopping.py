"""Stopping a run from any session."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from ..model import Run, RunState
from ..rundir import request_stop
from ..settings import Settings
from ..supervisor import process


def stop(run: Run, *, by: str, kill_now: bool, settings: Settings) -> None:
    """Ask for a stop; the supervisor climbs the ladder by itself.

    A run without its supervisor is signalled from here: SIGTERM first, SIGKILL with
    ``kill_now``.

    Raises:
        RunGone: the run directory is not there.
    """
    request_stop(
        Path(run.run_dir),
        by=by,
        kill=kill_now,
        ask_s=settings.stop_ask_s,
        grace_s=settings.stop_grace_s,
    )
    if run.verdict.state is RunState.ORPHANED and run.verdict.pid is not None:
        _signal_orphan(run.verdict.pid, kill_now=kill_now)


def _signal_orphan(pid: int, *, kill_now: bool) -> None:
    ticks = process.start_ticks(pid)
    if ticks is None or pid == os.getpid():
        return
    tree = [(pid, ticks), *process.descendants(pid)]
    numbers = (signal.SIGKILL,) if kill_now else (signal.SIGTERM, signal.SIGCONT)
    for number in numbers:
        for member, started in tree:
            process.send(member, started, number)
