"""What it costs to import the package, and to ask the terminal for the runs."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

from .figure import Figure

ROUNDS = 20


def figures() -> list[Figure]:
    """Import time over a bare interpreter, and the time of ``opsdash ps``."""
    bare = _median([sys.executable, "-c", "pass"])
    imported = _median([sys.executable, "-c", "import opsdash_widgets"])
    listed = _median([sys.executable, "-m", "opsdash_widgets", "ps"])
    return [
        Figure(
            name="import opsdash_widgets",
            value=imported - bare,
            unit="ms",
            target=100,
            note=f"over a bare interpreter's {bare:.0f} ms, {ROUNDS} runs",
        ),
        Figure(
            name="opsdash ps in an empty home",
            value=listed,
            unit="ms",
            target=400,
            note=f"whole process, {ROUNDS} runs",
        ),
    ]


def _median(command: list[str]) -> float:
    with tempfile.TemporaryDirectory() as home:
        environment = {**os.environ, "OPSDASH_HOME": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as an installed package is
        return statistics.median(_once(command, environment) for _ in range(ROUNDS))


def _once(command: list[str], environment: dict[str, str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return (time.perf_counter() - begun) * 1000
