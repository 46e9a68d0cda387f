"""Stopping a run from any session."""

from __future__ import annotations

from pathlib import Path

from ..model import Run, RunState
from ..rundir import end_before_start, request_stop
from ..settings import Settings


def stop(run: Run, *, by: str, kill_now: bool, settings: Settings) -> None:
    """Ask for a stop; the supervisor climbs the ladder by itself.

    A run that still waits for its turn ends here and now. One without its supervisor
    must be adopted: its adopter climbs.

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
