"""A sweep of 250 business dates: queueing it, its pace, and the panel meanwhile."""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from opsdash_widgets.core.model import (
    FormValues,
    GroupState,
    LaunchRequest,
    RunGroup,
    RunQuery,
    SweepRequest,
)
from opsdash_widgets.core.rundir import gather
from opsdash_widgets.core.service import Service

from .figure import Figure
from .supervised import service_on

RANGE = "2024-01-01..2024-12-13:B"
RUNS = 250
LIMIT = 2  # the default on a machine of two cores
JOB_S = 0.3
MODULE = f"""
import argparse, time
parser = argparse.ArgumentParser()
parser.add_argument("--start-date", required=True)
if __name__ == "__main__":
    args = parser.parse_args()
    time.sleep({JOB_S})
    print(args.start_date)
"""


def figures() -> list[Figure]:
    """Queue, drain, and ask the service meanwhile."""
    with _project() as service:
        request = SweepRequest(
            base=LaunchRequest(module="jobs.dated", values=FormValues()),
            fields={"start_date": RANGE},
            limit=LIMIT,
        )
        service.module_spec("jobs.dated")  # the form is on screen before a sweep is
        begun = time.monotonic()
        group = service.groups.launch(request)
        queued = time.monotonic() - begun
        answers = _Asker(service, group)
        answers.start()
        descriptors = _drained(service, group)
        answers.stop()
        total = time.monotonic() - begun
        gaps, alone = _pace(service, group)
    ideal = RUNS / LIMIT * alone
    return [
        Figure(
            name=f"{len(group.runs)} runs checked and queued",
            value=queued,
            unit="s",
            target=3.0,
            note=f"{queued / RUNS * 1000:.1f} ms each, its parser asked about each",
        ),
        Figure(
            name="from one's end to the next one's start",
            value=statistics.median(gaps) * 1000,
            unit="ms",
            target=50,
            note=(
                f"of {len(gaps)}, 90 % under {_at(gaps, 0.9) * 1000:.0f} ms, "
                f"{LIMIT} at a time on {len(os.sched_getaffinity(0))} cores"
            ),
        ),
        Figure(
            name="the whole sweep over the ideal",
            value=total / ideal,
            unit="x",
            target=1.5,
            note=f"{total:.1f} s, ideal {ideal:.1f} s: {LIMIT} at a time, no gaps",
        ),
        Figure(
            name="an answer of the service meanwhile, 95 %",
            value=_at(answers.took, 0.95) * 1000,
            unit="ms",
            target=100,
            note=f"progress, table and the newest page together, {len(answers.took)}x",
        ),
        Figure(
            name="descriptors held while 250 are queued",
            value=descriptors,
            unit="more",
            target=20,
        ),
    ]


@contextmanager
def _project() -> Iterator[Service]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        package = folder / "project" / "jobs"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("")
        (package / "dated.py").write_text(MODULE)
        (folder / "project" / "opsdash.toml").write_text('runners_package = "jobs"\n')
        with service_on(folder) as service:
            yield service


class _Asker(threading.Thread):
    """What a panel asks while the sweep goes on, twice a second."""

    def __init__(self, service: Service, group: RunGroup) -> None:
        super().__init__(daemon=True)
        self.took: list[float] = []
        self._service = service
        self._group = group
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.5):
            begun = time.monotonic()
            self._service.groups.progress(self._group.group_id)
            self._service.groups.table(self._group.group_id)
            self._service.runs(RunQuery(limit=50))
            self.took.append(time.monotonic() - begun)

    def stop(self) -> None:
        self._over.set()
        self.join()


def _drained(service: Service, group: RunGroup) -> int:
    """Wait for the end; the most descriptors that were open more than at first."""
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - not a folder of files
    most = 0
    while True:
        service.sync()
        most = max(most, len(os.listdir("/proc/self/fd")) - before)  # noqa: PTH208 - as above
        if service.groups.progress(group.group_id).state is GroupState.FINISHED:
            return most
        time.sleep(0.5)


def _pace(service: Service, group: RunGroup) -> tuple[list[float], float]:
    """Seconds from an end to the start that it let in, and a run's own median."""
    starts, ends, durations = [], [], []
    for run in group.runs:
        facts = gather(service.settings.runs_dir / run.run_id)
        assert facts.child is not None
        assert facts.exit is not None
        starts.append(facts.child.started_boot)
        ends.append(facts.exit.ended_boot)
        durations.append(facts.exit.ended_boot - facts.child.started_boot)
    # The first LIMIT wait for nobody; each later start takes the place of one end.
    later = sorted(starts)[LIMIT:]
    gaps = [start - end for start, end in zip(later, sorted(ends), strict=False)]
    return gaps, statistics.median(durations)


def _at(values: list[float], part: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]
