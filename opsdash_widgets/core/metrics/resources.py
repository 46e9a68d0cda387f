"""``resources.bin``: what a run's supervisor has sampled, as rates over time."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ..model import Resources, Sample, Totals
from ..rundir import files
from ..rundir.facts import ChildRecord

NAME = "resources.bin"
RECORD = struct.Struct("<8Q")
"""Boot time (ns), processor time (µs), resident size, bytes read, bytes written,
threads, processes, frozen (0 or 1); written by ``supervisor/resources.py``."""

WHOLE = 6 * 3600
"""Samples that are all read; of a longer series as many are read, evenly spread."""

_LONGEST_NS = 1 << 62


class _Raw(NamedTuple):
    boot_ns: int
    cpu_us: int
    rss: int
    read: int
    written: int
    threads: int
    processes: int
    frozen: int


def read_resources(
    run_dir: Path, points: int, totals: Totals | None = None
) -> Resources:
    """What a run used over time.

    Args:
        run_dir: the run directory.
        points: how many samples at most.
        totals: those of the exit record, where there is one.

    Raises:
        RunGone, RunUnreadable: it is not there, or cannot be read now.
    """
    with files.run_folder(run_dir) as dir_fd:
        fd = files.open_if_ours(dir_fd, NAME)
        if fd is None:
            return Resources(totals=totals or Totals())
        try:
            raw = list(_records(fd, max(2, points)))
        finally:
            os.close(fd)
        offset = _boot_time(dir_fd)
    samples = [_sample(one, two, offset) for one, two in pairwise(raw)]
    return Resources(
        samples=tuple(_peaks(samples, max(1, points))), totals=totals or _totals(raw)
    )


def _boot_time(dir_fd: int) -> float:
    """Wall time of the boot on which the run ran, seconds since the epoch."""
    data = files.read_bytes(dir_fd, "child.json")
    child = files.decode(data, ChildRecord) if data else None
    if child is not None and child.started_boot:
        return child.started - child.started_boot
    return time.time() - time.clock_gettime(time.CLOCK_BOOTTIME)


def _records(fd: int, points: int) -> Iterable[_Raw]:
    """Those of one boot, in order: an older boot's clock says nothing of this one's."""
    count = os.fstat(fd).st_size // RECORD.size
    step = max(1, count // max(WHOLE, points))
    last = -1
    for data in _read(fd, count, step):
        raw = _Raw._make(RECORD.unpack(data))
        if last < raw.boot_ns < _LONGEST_NS:
            last = raw.boot_ns
            yield raw


def _read(fd: int, count: int, step: int) -> Iterable[bytes]:
    if step == 1:
        data = os.pread(fd, count * RECORD.size, 0)
        whole = len(data) // RECORD.size
        return (data[n * RECORD.size : (n + 1) * RECORD.size] for n in range(whole))
    found = (os.pread(fd, RECORD.size, n * RECORD.size) for n in range(0, count, step))
    return (data for data in found if len(data) == RECORD.size)


def _sample(one: _Raw, two: _Raw, offset: float) -> Sample:
    seconds = (two.boot_ns - one.boot_ns) / 1e9

    def rate(before: int, after: int) -> float:
        return max(0, after - before) / seconds

    return Sample(
        at=two.boot_ns / 1e9 + offset,
        cpu_percent=rate(one.cpu_us, two.cpu_us) / 1e4,
        rss=two.rss,
        read_rate=rate(one.read, two.read),
        write_rate=rate(one.written, two.written),
        threads=two.threads,
        processes=two.processes,
        paused=bool(two.frozen),
    )


def _peaks(samples: list[Sample], points: int) -> Iterable[Sample]:
    """At most so many samples, each the peak of its span: a short one stays seen.

    The last is what it is: it says what is used now.
    """
    if len(samples) <= points:
        return samples
    spans = points - 1
    edges = [(len(samples) - 1) * n // spans for n in range(points)] if spans else []
    return [*(_peak(samples[a:b]) for a, b in pairwise(edges)), samples[-1]]


def _peak(span: list[Sample]) -> Sample:
    return Sample(
        at=span[-1].at,
        cpu_percent=max(s.cpu_percent for s in span),
        rss=max(s.rss for s in span),
        read_rate=max(s.read_rate for s in span),
        write_rate=max(s.write_rate for s in span),
        threads=max(s.threads for s in span),
        processes=max(s.processes for s in span),
        paused=all(s.paused for s in span),
    )


def _totals(raw: list[_Raw]) -> Totals:
    if not raw:
        return Totals()
    return Totals(
        peak_rss=max(r.rss for r in raw),
        peak_threads=max(r.threads for r in raw),
        peak_processes=max(r.processes for r in raw),
        cpu_s=max(r.cpu_us for r in raw) / 1e6,
        read_bytes=max(r.read for r in raw),
        write_bytes=max(r.written for r in raw),
    )
