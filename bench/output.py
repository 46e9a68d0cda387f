"""How fast a job can write through us, against a raw redirect into a file."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from opsdash_widgets.core.executors import LocalExecutor

from .figure import Figure
from .supervised import run_to_end

ROUNDS = 20
SIZE = 1 << 30
PROGRAM = f"""
import sys, time
block = (b"x" * 99 + b"\\n") * 10_000
begun = time.monotonic()
for _ in range({SIZE} // len(block)):
    sys.stdout.buffer.write(block)
sys.stdout.flush()
open("took", "w").write(str(time.monotonic() - begun))
"""


def figures() -> list[Figure]:
    """The ratio of both speeds over 1 GiB, the median of all rounds."""
    ratios, speeds = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "writes.py").write_text(PROGRAM)
        executor = LocalExecutor()
        for _ in range(ROUNDS):
            plain = _plain(folder)
            ours = _supervised(folder, executor)
            ratios.append(plain / ours)
            speeds.append(SIZE / ours / 1e6)
    return [
        Figure(
            name="1 GiB of output, speed against a raw redirect",
            value=statistics.median(ratios),
            unit="x",
            target=0.8,
            better="higher",
            note=f"{statistics.median(speeds):.0f} MB/s, {ROUNDS} rounds",
        )
    ]


def _plain(folder: Path) -> float:
    with (folder / "plain.log").open("w") as log:
        command = [sys.executable, "-m", "writes"]
        subprocess.run(command, cwd=folder, stdout=log, check=True)
    (folder / "plain.log").unlink()
    return float((folder / "took").read_text())


def _supervised(folder: Path, executor: LocalExecutor) -> float:
    run_dir = run_to_end(folder, "writes", executor, poll_s=0.01)
    (run_dir / "output.log").unlink()
    return float((folder / "took").read_text())
