"""Killing exactly the process that is meant, and waiting for who comes after it."""

from __future__ import annotations

import signal
from pathlib import Path

from opsdash_widgets.core.rundir.processes import send_signal, start_ticks
from tests.core.desk import until

Process = tuple[int, int]
"""pid and start ticks."""


def owner(run_dir: Path) -> Process:
    """The supervisor or the adopter that has signed the lock."""
    pid, ticks, _ = (run_dir / "lock").read_text().split()
    return int(pid), int(ticks)


def kill(process: Process) -> None:
    """SIGKILL a process, if it is still that one, and see it gone."""
    pid, ticks = process
    send_signal(pid, ticks, signal.SIGKILL)
    until(lambda: start_ticks(pid) != ticks, "it is gone")


def adopted_by(run_dir: Path, *before: Process) -> Process:
    """Wait until somebody else has signed the lock."""

    def another() -> bool:
        words = (run_dir / "lock").read_text().split()
        return len(words) == 3 and owner(run_dir) not in before

    until(another, "it is adopted")
    return owner(run_dir)
