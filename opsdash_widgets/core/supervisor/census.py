"""Which processes belong to a run, known without reading all of ``/proc`` each second.

A system has hundreds of processes, and a run is looked at once a second: the kernel
numbers processes one after the other, so what is new since the last look has a number
between the newest one of then and the newest one of now (the fifth field of
``/proc/loadavg``, proc(5)). Only those are read.
"""

from __future__ import annotations

import os
import time

from . import process

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from .tree import Tree

MANY = 2000
"""More new numbers than these are read like all the others: by listing ``/proc``."""

ALL_EVERY_S = 60.0
"""How often all are listed anyway: numbers may have gone full circle behind a machine
that slept, and who left the tree of an adopted run may be found by another trace."""

MOST_OPEN = min(32, os.sysconf("SC_OPEN_MAX") // 8)
"""Processes of which the files stay open between two looks: two each."""

TICK_US = 1_000_000 // os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


class Use:
    """What one process has used: all since its start, and what it holds now.

    Attributes:
        cpu_us: processor time with that of its children that ended, microseconds.
        rss: resident size, bytes.
        threads: how many.
        read: bytes from storage, with those of its children that ended.
        written: the same, to storage.
    """

    __slots__ = ("cpu_us", "read", "rss", "threads", "written")

    def __init__(self, stat: list[bytes], io: tuple[int, int]) -> None:
        self.cpu_us = sum(int(field) for field in stat[11:15]) * TICK_US
        self.threads = int(stat[17])
        self.rss = int(stat[21]) * PAGE
        self.read, self.written = io


class Census:
    """The members of a tree, followed from look to look.

    Args:
        tree: finds all of them where following is not possible.
        above: the pid of whom a tree's orphans become children of, or 0.
    """

    def __init__(self, tree: Tree, above: int) -> None:
        self._tree = tree
        self._above = above
        self._newest = 0
        self._all_due = 0.0
        self._loadavg = _opened("loadavg")
        self._files: dict[int, tuple[int, int]] = {}
        self.members: dict[int, int] = {}

    def look(self) -> list[Use]:
        """Find who is new and who is gone; what those that live have used."""
        newest, now = _newest_pid(_pread(self._loadavg)), time.monotonic()
        few = 0 < self._newest <= newest <= self._newest + MANY
        if not few or now >= self._all_due:
            self._all_due = now + ALL_EVERY_S
            self._find_all()
        else:
            for pid in range(self._newest + 1, newest + 1):
                self._meet(pid)
        self._newest = newest
        uses = [(pid, self._use(pid, ticks)) for pid, ticks in self.members.items()]
        for pid, use in uses:
            if use is None:
                self._forget(pid)
        return [use for _, use in uses if use is not None]

    def close(self) -> None:
        """Close what is kept open."""
        for pid in list(self._files):
            self._close(pid)
        if self._loadavg >= 0:
            os.close(self._loadavg)
        self._loadavg = -1

    def _find_all(self) -> None:
        # Parents first, mostly: what one collects during a look is not counted twice.
        before, self.members = self.members, dict(sorted(self._tree.members()))
        for pid, ticks in before.items():
            if self.members.get(pid) != ticks:
                self._close(pid)

    def _meet(self, pid: int) -> None:
        fields = process.stat_fields(pid)
        if not fields or process.has_ended(fields):
            return
        parent = int(fields[1])
        if parent not in self.members and parent != self._above:
            return
        # Threads are numbered, too; another run's supervisor is no member.
        if not process.is_thread(pid) and not process.is_supervisor(pid):
            self.members[pid] = int(fields[19])

    def _use(self, pid: int, ticks: int) -> Use | None:
        """What a member uses; None once it is gone."""
        stat, io = self._read(pid)
        fields = stat.rpartition(b")")[2].split()
        if not fields or process.has_ended(fields) or int(fields[19]) != ticks:
            return None
        return Use(fields, _storage(io))

    def _read(self, pid: int) -> tuple[bytes, bytes]:
        """``stat`` and ``io`` of a process: kept open they cost a third."""
        if pid not in self._files and len(self._files) < MOST_OPEN:
            self._files[pid] = _opened(f"{pid}/stat"), _opened(f"{pid}/io")
        if pid in self._files:
            stat, io = self._files[pid]
            return _pread(stat), _pread(io)
        stat, io = _opened(f"{pid}/stat"), _opened(f"{pid}/io")
        try:
            return _pread(stat), _pread(io)
        finally:
            for fd in (stat, io):
                if fd >= 0:
                    os.close(fd)

    def _forget(self, pid: int) -> None:
        del self.members[pid]
        self._close(pid)

    def _close(self, pid: int) -> None:
        for fd in self._files.pop(pid, ()):
            if fd >= 0:
                os.close(fd)


def _newest_pid(loadavg: bytes) -> int:
    """The number that was given last in this pid namespace; 0 where nobody says."""
    try:
        return int(loadavg.split()[4])
    except (IndexError, ValueError):
        return 0


def _opened(name: str) -> int:
    try:
        return os.open(f"/proc/{name}", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # it is gone, or another user's
        return -1


def _pread(fd: int) -> bytes:
    try:
        return os.pread(fd, 1024, 0) if fd >= 0 else b""
    except OSError:  # it has ended
        return b""


def _storage(io: bytes) -> tuple[int, int]:
    """``read_bytes`` and ``write_bytes`` of ``/proc/PID/io``, proc(5)."""
    found = {}
    for line in io.splitlines():
        name, _, value = line.partition(b": ")
        found[name] = value
    try:
        return int(found[b"read_bytes"]), int(found[b"write_bytes"])
    except (KeyError, ValueError):
        return 0, 0
