"""Whether the kernel killed a process of the run because memory ran out.

The kernel counts such kills (``oom_kill`` in ``/proc/vmstat``, and in
``memory.events`` or ``memory.oom_control`` of a cgroup) and names them in its log:
``Out of memory: Killed process 4711 (python) …``, ``Memory cgroup out of memory: Killed
process …`` (``mm/oom_kill.c``). The log is read only where the count has grown.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from collections.abc import Iterable

KERNEL, CGROUP = "kernel", "cgroup"

LOG = "/dev/kmsg"
LONGEST_RECORD = 8192
MOST_RECORDS = 50_000

_KILLED = b"Killed process "
_IN_CGROUP = b"Memory cgroup out of memory"
_INITIAL_PID_NAMESPACE = "pid:[4026531836]"
"""``PROC_PID_INIT_INO``: the log's numbers are of this one, ``<linux/proc_ns.h>``."""


class OutOfMemory:
    """The counts at the start of a run, to compare with those at its end."""

    def __init__(self) -> None:
        self._cgroup = _cgroup_counter()
        self._before = self._counts()

    def found(self, pids: Iterable[int]) -> str:
        """Who tells of such a kill among these processes: a name, or nothing."""
        system, group = self._counts()
        if (system, group) == self._before:
            return ""
        told = killed_in(_log(), set(pids))
        if not told and told is not None:
            return ""
        # Nobody lets us read the log: what is counted in our own group is ours.
        return told or (CGROUP if group > self._before[1] else "")

    def _counts(self) -> tuple[int, int]:
        group = _count(self._cgroup, b"oom_kill") if self._cgroup else 0
        return _count("/proc/vmstat", b"oom_kill"), group


def killed_in(log: list[bytes] | None, pids: set[int]) -> str | None:
    """What a kernel log says of processes.

    Args:
        log: its records; ``None`` where it cannot be read.
        pids: the processes.

    Returns:
        ``kernel`` or ``cgroup``; nothing where it tells of none of them; ``None``
        where nobody can know.
    """
    if log is None:
        return None
    for record in log:
        before, found, after = record.partition(_KILLED)
        number = after.split(b" ", 1)[0].rstrip(b",")
        if found and number.isdigit() and int(number) in pids:
            return CGROUP if _IN_CGROUP in before else KERNEL
    return ""


def _log() -> list[bytes] | None:
    """The kernel's log, as far as it is kept and may be read; dmesg(1) reads it so."""
    try:
        if os.readlink("/proc/self/ns/pid") != _INITIAL_PID_NAMESPACE:
            return None
        fd = os.open(LOG, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    found: list[bytes] = []
    try:
        while len(found) < MOST_RECORDS:
            try:
                found.append(os.read(fd, LONGEST_RECORD))
            except BrokenPipeError:  # what was next has been overwritten meanwhile
                continue
    except OSError:  # EAGAIN: the end
        return found
    finally:
        os.close(fd)
    return found


def _cgroup_counter() -> str:
    """The file that counts the kills of our own memory cgroup, version 1 or 2."""
    try:
        with open("/proc/self/cgroup") as file:
            lines = [line.rstrip("\n").split(":", 2) for line in file]
    except OSError:
        return ""
    for _, controllers, path in lines:
        names = []
        if "memory" in controllers.split(","):
            names = [f"/sys/fs/cgroup/memory{path}/memory.oom_control"]
        elif not controllers:
            mounts = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
            names = [f"{mount}{path}/memory.events" for mount in mounts]
        for name in names:
            if os.access(name, os.R_OK):
                return name
    return ""


def _count(path: str, name: bytes) -> int:
    try:
        with open(path, "rb") as file:
            for line in file:
                words = line.split()
                if len(words) == 2 and words[0] == name:
                    return int(words[1])
    except (OSError, ValueError):
        return 0
    return 0
