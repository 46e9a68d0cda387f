"""What supervisors cost: their memory, their processor time, many of them at once."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from opsdash_widgets.core.executors import LocalExecutor
from opsdash_widgets.core.model import RunSpec, RunState
from opsdash_widgets.core.rundir import (
    create_run_dir,
    new_run_id,
    read_verdict,
    request_stop,
)

from .figure import Figure
from .supervised import run_to_end

IDLE = 100
AT_ONCE = 200
WATCHED_S = 20.0
SETTLED_S = 6.0
"""After its first seconds a supervisor looks less often."""
LINES = 1_000_000
ROUNDS = 5
TICK_S = 1 / os.sysconf("SC_CLK_TCK")

WAITS = "import signal\nprint('ready', flush=True)\nsignal.pause()\n"
BUSY = """
import sys, time
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    sum(range(20_000))
"""
PRINTS = f"""
import time
begun = time.monotonic()
for number in range({LINES}):
    print("line", number)
open("took", "w").write(str(time.monotonic() - begun))
"""


def figures() -> list[Figure]:
    """Memory, idle processor time, sampling, many launches, and printing."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for module, source in (("waits", WAITS), ("busy", BUSY), ("prints", PRINTS)):
            (folder / f"{module}.py").write_text(source)
        return [*_idle(folder), _sampling(folder), _at_once(folder), _printing(folder)]


@contextmanager
def waiting(folder: Path, count: int) -> Iterator[list[Path]]:
    """So many idle runs, launched at once and ended afterwards."""
    executor = LocalExecutor()

    def launch(_: int) -> Path:
        spec = RunSpec(
            run_id=new_run_id(),
            module="waits",
            interpreter=sys.executable,
            cwd=str(folder),
            created=time.time(),
        )
        run_dir, lock = create_run_dir(folder / "runs", spec)
        executor.submit(run_dir, spec, lock)
        return run_dir

    with ThreadPoolExecutor(8) as pool:
        runs = list(pool.map(launch, range(count)))
    try:
        yield runs
    finally:
        for run_dir in runs:
            request_stop(run_dir, by="bench", kill=True, ask_s=0, grace_s=0)
        while executor._supervisors:
            executor.reap()
            time.sleep(0.05)


def _supervisor(run_dir: Path) -> int:
    return int((run_dir / "lock").read_text().split()[0])


def _ready(run_dir: Path) -> bool:
    log = run_dir / "output.log"
    return log.exists() and log.read_text() == "ready\n"


def until_ready(runs: list[Path]) -> None:
    """Wait until all of them have printed."""
    while not all(map(_ready, runs)):
        time.sleep(0.05)


def _idle(folder: Path) -> Iterator[Figure]:
    """Memory and processor time of idle supervisors."""
    with waiting(folder, IDLE) as runs:
        until_ready(runs)
        time.sleep(SETTLED_S)
        pids = [_supervisor(run_dir) for run_dir in runs]
        before = sum(map(_cpu_s, pids))
        time.sleep(WATCHED_S)
        share = (sum(map(_cpu_s, pids)) - before) / WATCHED_S * 100
        sizes = [_pss_mb(pid) for pid in pids[:20]]
    yield Figure(
        name="memory of a supervisor (PSS)",
        value=statistics.median(sizes),
        unit="MB",
        target=5,
        note=f"{min(sizes):.1f} to {max(sizes):.1f} MB, among {IDLE}",
    )
    yield Figure(
        name=f"{IDLE} idle supervisors, sampling once a second",
        value=share,
        unit="% of a core",
        target=5,
        note=f"over {WATCHED_S:.0f} s",
    )


def _cpu_s(pid: int) -> float:
    """Processor time of a process, seconds: by its scheduler, proc(5) schedstat."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _pss_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise ValueError(pid)


def _sampling(folder: Path) -> Figure:
    """What the supervisor of one busy run uses."""
    executor, seconds = LocalExecutor(), 8.0
    shares = []
    for _ in range(ROUNDS):
        spec = RunSpec(
            run_id=new_run_id(),
            module="busy",
            argv=(str(seconds),),
            interpreter=sys.executable,
            cwd=str(folder),
            created=time.time(),
        )
        run_dir, lock = create_run_dir(folder / "runs", spec)
        executor.submit(run_dir, spec, lock)
        while read_verdict(run_dir).state is RunState.STARTING:
            time.sleep(0.01)
        pid = _supervisor(run_dir)
        time.sleep(1)
        begun, before = time.monotonic(), _cpu_s(pid)
        time.sleep(seconds - 3)
        share = (_cpu_s(pid) - before) / (time.monotonic() - begun)
        shares.append(share * 100)
        while not read_verdict(run_dir).state.is_terminal:
            time.sleep(0.02)
    executor.reap()
    return Figure(
        name="supervising and sampling a busy run",
        value=statistics.median(shares),
        unit="% of a core",
        target=0.5,
        note=f"{ROUNDS} runs of {seconds:.0f} s",
    )


def _at_once(folder: Path) -> Figure:
    """Until all of many runs that were launched at once run."""
    begun = time.monotonic()
    with waiting(folder, AT_ONCE) as runs:
        until_ready(runs)
        took = time.monotonic() - begun
    return Figure(
        name=f"{AT_ONCE} runs launched at once, until all have printed",
        value=took,
        unit="s",
        target=10,
        note=f"{os.cpu_count()} cores",
    )


def _printing(folder: Path) -> Figure:
    """A job that prints much, against the same program into a file."""
    executor = LocalExecutor()
    plain, ours = [], []
    for _ in range(ROUNDS):
        with (folder / "plain.log").open("w") as log:
            command = [sys.executable, "-m", "prints"]
            subprocess.run(command, cwd=folder, stdout=log, check=True)
        plain.append(float((folder / "took").read_text()))
        run_dir = run_to_end(folder, "prints", executor, poll_s=0.02)
        ours.append(float((folder / "took").read_text()))
        (run_dir / "output.log").unlink()
    return Figure(
        name="a million lines printed, against the same into a file",
        value=statistics.median(ours) / statistics.median(plain),
        unit="x",
        target=1.6,
        note=f"{statistics.median(plain):.2f} s, ours {statistics.median(ours):.2f} s",
    )
