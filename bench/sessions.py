"""How soon another session sees a run; what provenance adds to a launch."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from opsdash_widgets.core.model import LaunchRequest
from opsdash_widgets.core.service import Service
from opsdash_widgets.core.service.launcher import Launcher

from .figure import Figure
from .supervised import service_on

ROUNDS = 25
GIT = ("git", "-c", "user.name=bench", "-c", "user.email=bench@example.org")

WATCHES = """
    import asyncio, sys, time
    from pathlib import Path
    from opsdash_widgets.core.service import open_service
    service = open_service(Path(sys.argv[1]))
    print("there", flush=True)
    async def watch():
        seen = {}
        async for _ in service.watch():
            now = time.monotonic_ns()
            for run in service.runs().runs:
                end = run.is_terminal
                if seen.get(run.run_id) != end:
                    seen[run.run_id] = end
                    print(run.run_id, "end" if end else "start", now, flush=True)
    asyncio.run(watch())
"""


def figures() -> list[Figure]:
    """Two processes on one home, and launches with and without a repository asked."""
    with _project() as service:
        starts, ends = _seen_after(service)
        added, whole = _added_by_provenance(service)
    return [
        _seen("a launch is seen by another session", starts),
        _seen("an end is seen by another session", ends),
        Figure(
            name="provenance in a launch, warm",
            value=added,
            unit="ms",
            target=8,
            note=f"of {whole:.1f} ms for the whole launch, median of {ROUNDS} in turns",
        ),
    ]


def _seen(name: str, times: list[float]) -> Figure:
    note = f"{len(times)} runs, slowest {max(times):.0f} ms; it looks every 500 ms"
    value = statistics.median(times)
    return Figure(name=name, value=value, unit="ms", target=1000, note=note)


@contextmanager
def _project() -> Iterator[Service]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = folder / "project" / "jobs"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "quick.py").write_text("import time\ntime.sleep(0.8)\n")
        (package / "empty.py").touch()
        (folder / "project" / "opsdash.toml").write_text('runners_package = "jobs"\n')
        for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "bench"]):
            subprocess.run([*GIT, *words], cwd=folder / "project", check=True)
        with service_on(folder) as service:
            yield service


def _seen_after(service: Service) -> tuple[list[float], list[float]]:
    """Milliseconds from a launch, and from an end, to another process's seeing it."""
    starts, ends = [], []
    command = [sys.executable, "-c", textwrap.dedent(WATCHES)]
    with subprocess.Popen(
        [*command, service.settings.project], stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        other.stdout.readline()
        for _ in range(ROUNDS):
            run = service.launch(LaunchRequest(module="jobs.quick"))
            launched = time.monotonic_ns()
            starts.append(_ms(launched, _told(other.stdout, run.run_id, "start")))
            exit_record = Path(run.run_dir) / "exit.json"
            while not exit_record.exists():
                time.sleep(0.001)
            ended = time.monotonic_ns()
            ends.append(_ms(ended, _told(other.stdout, run.run_id, "end")))
        other.kill()
    return starts, ends


def _told(lines: Any, run_id: str, what: str) -> int:
    while True:
        seen, word, now = lines.readline().split()
        if (seen, word) == (run_id, what):
            return int(now)


def _ms(earlier: int, later: int) -> float:
    return max(0.0, (later - earlier) / 1e6)


def _added_by_provenance(service: Service) -> tuple[float, float]:
    """Milliseconds that a launch takes more for it, and those of the whole launch."""
    collect: Callable[..., Any] = Launcher.collect
    own, without = [], []
    _launched(service)  # the interpreter is asked once
    for _ in range(ROUNDS):
        own.append(_launched(service))
        Launcher.collect = lambda *_: None  # type: ignore[method-assign,assignment]  # nothing is collected
        try:
            without.append(_launched(service))
        finally:
            Launcher.collect = collect  # type: ignore[method-assign]  # as it was
    whole = statistics.median(own)
    return whole - statistics.median(without), whole


def _launched(service: Service) -> float:
    begun = time.perf_counter()
    run = service.launch(LaunchRequest(module="jobs.empty"))
    took = (time.perf_counter() - begun) * 1000
    while not service.run(run.run_id).is_terminal:
        time.sleep(0.01)
    service.sync()
    return took
