"""What a run uses of the machine, sampled once a second.

``resources.bin`` is a row of records ``<8Q``: boot time (ns), processor time of the
tree so far (µs), resident size (bytes), bytes read from and written to storage so far,
threads, processes, frozen (0 or 1). ``tree.json`` names the processes of the last
sample: should the supervisor be killed, whoever adopts the run knows them.
"""

from __future__ import annotations

import os
import time

from . import records

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from .census import Census, Use

    Three = tuple[int, int, int]

EVERY_S = 1.0
FIRST_S = 0.2
"""The first sample comes early: most of what a run is it is soon."""

LOOK_S = 0.25
"""How often the tree is looked at where its memory is limited."""

NAME, RECORD = "resources.bin", 64
_PLACES = range(0, RECORD, 8)
EARLIER = 100_000
"""Samples of an earlier supervisor that are read: those of a day."""
TREE = "tree.json"

SECTOR = 512
"""Bytes of the unit of ``ru_inblock`` and ``ru_oublock``, getrusage(2)."""


MOST_SEEN = 20_000
"""Numbers that are kept of processes that have ended: a run may start millions."""

_NOT_KNOWN = {0: 0}
"""What an earlier supervisor has named."""


class Meter:
    """Samples a tree, and keeps its peaks and totals.

    Args:
        dir_fd: the run directory.
        census: who belongs to the tree.
    """

    def __init__(self, dir_fd: int, census: Census) -> None:
        self._dir_fd = dir_fd
        self._census = census
        self._named = _NOT_KNOWN
        self._gone = (0, 0, 0)
        self._total = (0, 0, 0)
        self._peak = (0, 0, 0)
        self._now = (0, 0)
        self.rss = 0
        self.seen: set[int] = set()
        self._takes_over = False
        for total, peak in _earlier(dir_fd):
            self._takes_over = True
            self._total = _greater(self._total, total)
            self._peak = _greater(self._peak, peak)
        self._fd = records.open_append_if_possible(dir_fd, NAME)
        self._looked = time.monotonic()
        self._due = self._looked + (0 if self._takes_over else FIRST_S)
        if not self._takes_over:
            self._append(0, 0, 0)

    def look_if_due(self, frozen: bool, *, closely: bool) -> bool:
        """Take a sample once a second; whether the tree was looked at.

        Args:
            frozen: what the sample says of that.
            closely: look at it every ``LOOK_S``, without a record in between.
        """
        now = time.monotonic()
        if now >= self._due:
            # Not one by one behind a machine that slept, and not drifting either.
            self._due = max(self._due + EVERY_S, now + EVERY_S / 2)
            self._measure(now)
            self._append(*self._now, int(frozen))
            self.name_members(self._census.members.items())
            return True
        if closely and now >= self._looked + LOOK_S:
            self._measure(now)
            return True
        return False

    def _measure(self, now: float) -> None:
        self._looked = now
        uses = self._census.look()
        if len(self.seen) > MOST_SEEN:
            self.seen.clear()
        self.seen.update(self._census.members)
        if self._takes_over:
            self._take_over(uses)
        self.rss = sum(use.rss for use in uses)
        self._now = sum(use.threads for use in uses), len(uses)
        self._peak = _greater(self._peak, (self.rss, *self._now))
        self._add_up(uses)

    def _take_over(self, uses: list[Use]) -> None:
        """Count what had ended before the supervisor that counted it did."""
        self._takes_over = False
        cpu, read, written = self._total
        self._gone = (
            max(0, cpu - sum(use.cpu_us for use in uses)),
            max(0, read - sum(use.read for use in uses)),
            max(0, written - sum(use.written for use in uses)),
        )

    def reaped(self, rusage: Any) -> None:
        """Count what has ended and was collected here."""
        cpu, read, written = self._gone
        self._gone = (
            cpu + int((rusage.ru_utime + rusage.ru_stime) * 1e6),
            read + rusage.ru_inblock * SECTOR,
            written + rusage.ru_oublock * SECTOR,
        )
        self._peak = _greater(self._peak, (rusage.ru_maxrss << 10, 1, 1))

    def close(self) -> dict[str, Any]:
        """The peaks and totals at the end."""
        self._add_up([])
        self._census.close()
        cpu_us, read, written = self._total
        rss, threads, processes = self._peak
        return {
            "peak_rss": rss,
            "peak_threads": threads,
            "peak_processes": processes,
            "cpu_s": cpu_us / 1e6,
            "read_bytes": read,
            "write_bytes": written,
        }

    def _add_up(self, uses: list[Use]) -> None:
        """Totals never fall: what ended unseen was seen before."""
        cpu, read, written = self._gone
        for use in uses:
            cpu += use.cpu_us
            read += use.read
            written += use.written
        self._total = _greater(self._total, (cpu, read, written))

    def _append(self, threads: int, processes: int, frozen: int) -> None:
        boot_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
        cpu, read, written = self._total
        numbers = (boot_ns, cpu, self.rss, read, written, threads, processes, frozen)
        records.append_record(self._fd, *numbers)

    def name_members(self, members: Iterable[tuple[int, int]]) -> None:
        """Say who belongs to the tree; nobody: ``tree.json`` goes.

        It is there while anything may be left to end. So one look tells whoever finds
        an ended run without a supervisor whether there is.
        """
        named = dict(members)
        if named == self._named:
            return
        self._named = named
        record = {"members": [[pid, ticks] for pid, ticks in named.items()]}
        try:
            if named:
                records.write_new(self._dir_fd, TREE, record)
            else:
                os.unlink(TREE, dir_fd=self._dir_fd)
        except OSError:  # a full disk: an adopter looks for itself
            return


def _earlier(dir_fd: int) -> Iterator[tuple[Three, Three]]:
    """Totals and sizes in the samples of an earlier supervisor."""
    try:
        fd = os.open(NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=dir_fd)
    except OSError:
        return
    try:
        size = os.fstat(fd).st_size // RECORD * RECORD
        for place in range(max(0, size - EARLIER * RECORD), size, RECORD):
            data = os.pread(fd, RECORD, place)
            _, *n = (int.from_bytes(data[i : i + 8], "little") for i in _PLACES)
            yield (n[0], n[2], n[3]), (n[1], n[4], n[5])
    except (OSError, IndexError):
        return
    finally:
        os.close(fd)


def _greater(one: Three, other: Three) -> Three:
    return max(one[0], other[0]), max(one[1], other[1]), max(one[2], other[2])
