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
    found: list[str] = []

    def signed() -> bool:
        found[:] = (run_dir / "lock").read_text().split()
        return len(found) == 3

    until(signed, "the lock is signed")
    return int(found[0]), int(found[1])


def kill(process: Process) -> None:
    """SIGKILL a process, if it is still that one, and see it gone."""
    pid, ticks = process
    send_signal(pid, ticks, signal.SIGKILL)
    until(lambda: start_ticks(pid) != ticks, "it is gone")


def adopted_by(run_dir: Path, *before: Process) -> Process:
    """Wait until somebody else has signed the lock."""

    until(lambda: owner(run_dir) not in before, "it is adopted")
    return owner(run_dir)
