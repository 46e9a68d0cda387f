"""How much a supervised launch costs over a plain ``Popen`` of the same program."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from opsdash_widgets.core.executors import LocalExecutor

from .figure import Figure
from .supervised import run_to_end
from .supervisor import WAITS, until_ready, waiting

ROUNDS = 40
ACTIVE = 100
PROGRAM = "import time\nprint(time.monotonic_ns())\n"


def figures() -> list[Figure]:
    """Launch to the job's first line, against plain ``Popen``."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "first_line.py").write_text(PROGRAM)
        (folder / "waits.py").write_text(WAITS)
        idle = _compared(folder, "launch to the job's first line, over plain Popen")
        with waiting(folder, ACTIVE) as runs:
            until_ready(runs)
            loaded = _compared(folder, f"the same with {ACTIVE} runs active")
    return [idle, loaded]


def _compared(folder: Path, name: str) -> Figure:
    plain, ours = [], []
    executor = LocalExecutor()
    for _ in range(ROUNDS):  # in turns, so that both meet the same machine
        plain.append(_plain(folder))
        ours.append(_supervised(folder, executor))
    note = (
        f"plain {statistics.median(plain):.0f} ms, ours "
        f"{statistics.median(ours):.0f} ms, {ROUNDS} runs each"
    )
    extra = statistics.median(ours) - statistics.median(plain)
    return Figure(name=name, value=extra, unit="ms", target=45, note=note)


def _plain(folder: Path) -> float:
    begun = time.monotonic_ns()
    with (folder / "plain.log").open("w") as log:
        command = [sys.executable, "-m", "first_line"]
        subprocess.Popen(command, cwd=folder, stdout=log, start_new_session=True).wait()
    return (int((folder / "plain.log").read_text()) - begun) / 1e6


def _supervised(folder: Path, executor: LocalExecutor) -> float:
    begun = time.monotonic_ns()
    run_dir = run_to_end(folder, "first_line", executor, poll_s=0.002)
    return (int((run_dir / "output.log").read_text()) - begun) / 1e6
