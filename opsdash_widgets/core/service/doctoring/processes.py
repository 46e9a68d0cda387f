"""The processes that hold a file of a run directory, and the end of those left over."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from ...errors import StopError
from ...rundir import files, locks
from ...rundir.facts import ChildRecord
from ...rundir.processes import boot_id, pid_namespace, send_signal, start_ticks
from ...supervisor import cgroup

Process = tuple[int, int]
"""Its pid, and its start in clock ticks since boot: together its name for ever."""

GRACE_S = 2.0
"""How long what a run has left running may take to end after SIGTERM."""
KILL_S = 10.0
"""How long it is killed again and again."""
POLL_S = 0.05


def holders(
    dir_fd: int, name: str, *, writing: bool = False, own: bool = False
) -> list[Process]:
    """The processes that have a file open, those that we may look into.

    Args:
        dir_fd: the file's folder.
        name: the file.
        writing: only on a descriptor that writes: who asks for a lock reads.
        own: also this process.
    """
    try:
        wanted = os.stat(name, dir_fd=dir_fd, follow_symlinks=False)
    except OSError:
        return []
    found = []
    for pid in _pids():
        if (own or pid != os.getpid()) and _has_open(pid, wanted, writing=writing):
            ticks = start_ticks(pid)
            if ticks is not None:
                found.append((pid, ticks))
    return found


def _pids() -> Iterator[int]:
    with contextlib.suppress(OSError), os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                yield int(entry.name)


def _has_open(pid: int, wanted: os.stat_result, *, writing: bool) -> bool:
    folder = f"/proc/{pid}/fd"
    try:
        numbers = os.listdir(folder)  # noqa: PTH208 - thousands of them
    except OSError:
        return False
    for number in numbers:
        with contextlib.suppress(OSError, ValueError):
            seen = os.stat(f"{folder}/{number}")  # noqa: PTH116 - as above
            if os.path.samestat(seen, wanted) and (not writing or _writes(pid, number)):
                return True
    return False


def _writes(pid: int, number: str) -> bool:
    """Whether a descriptor was opened for writing; proc(5), fdinfo."""
    with open(f"/proc/{pid}/fdinfo/{number}") as file:  # noqa: PTH123 - as above
        for line in file:
            if line.startswith("flags:"):
                return bool(int(line.split()[1], 8) & os.O_ACCMODE)
    return False


class _Members(msgspec.Struct, frozen=True):
    """``tree.json``: the tree as a supervisor has last seen it."""

    members: list[Process] = []


def may_have_tree(dir_fd: int, groups: Sequence[str]) -> bool:
    """Whether something of a run's tree may live; a look that costs microseconds."""
    return (
        locks.is_held(dir_fd, "job.lock")
        or any(cgroup.members(path) for path in groups)
        or any(start_ticks(pid) == ticks for pid, ticks in _seen(dir_fd))
    )


def tree_of(dir_fd: int, groups: Sequence[str]) -> set[Process]:
    """What lives of a run's tree: who holds its lock, was seen in it, or is below.

    Args:
        dir_fd: the run directory.
        groups: the paths of its cgroups.
    """
    found = {pid for pid, _ in holders(dir_fd, "job.lock", writing=True)}
    found |= {pid for pid, ticks in _seen(dir_fd) if start_ticks(pid) == ticks}
    found |= {pid for path in groups for pid in cgroup.members(path)}
    parents = {pid: _parent(pid) for pid in _pids()} if found else {}
    size = 0
    while size != len(found):
        size = len(found)
        found |= {pid for pid, above in parents.items() if above in found}
    living = ((pid, start_ticks(pid)) for pid in found if pid != os.getpid())
    return {(pid, ticks) for pid, ticks in living if ticks is not None}


def _seen(dir_fd: int) -> list[Process]:
    tree = files.decode(files.read_bytes(dir_fd, "tree.json") or b"", _Members)
    if tree is None:
        return []
    child = files.decode(files.read_bytes(dir_fd, "child.json") or b"", ChildRecord)
    here = (boot_id(), pid_namespace())
    is_here = child is not None and (child.boot_id, child.pid_ns) == here
    return tree.members if is_here else []


def end_leftovers(dir_fd: int, groups: Sequence[str]) -> int:
    """End the tree of a job that has ended: SIGTERM and SIGCONT, then SIGKILL.

    Args:
        dir_fd: the run directory.
        groups: the paths of its cgroups.

    Returns:
        How many processes were signalled.

    Raises:
        StopError: some of them live on.
    """
    signalled: set[Process] = set()
    begun = time.monotonic()
    while tree := tree_of(dir_fd, groups):
        late = time.monotonic() - begun > GRACE_S
        for one in tree:
            if late:
                send_signal(*one, signal.SIGKILL)
            elif one not in signalled:
                send_signal(*one, signal.SIGTERM)
                send_signal(*one, signal.SIGCONT)
        signalled |= tree
        if time.monotonic() - begun > GRACE_S + KILL_S:
            raise StopError(
                "Not all processes of the run could be ended.",
                "End them by hand, or as the user they belong to.",
            )
        time.sleep(POLL_S)
    return len(signalled)


def _parent(pid: int) -> int:
    """Field 4 of proc(5) stat; 0 where the process is gone."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
        return int(file.read().rpartition(b")")[2].split()[1])
    return 0


def named(processes: Iterable[Process]) -> str:
    """Processes as a sentence names them."""
    found = sorted(processes)
    words = [f"{pid} ({_command(pid)})" for pid, _ in found[:3]]
    more = [f"{len(found) - 3} more"] if len(found) > 3 else []
    what = "process" if len(found) == 1 else "processes"
    return f"{what} {', '.join(words + more)}" if found else "an unknown process"


def _command(pid: int) -> str:
    with contextlib.suppress(OSError), open(f"/proc/{pid}/comm") as file:  # noqa: PTH123
        return file.read().strip()
    return "gone"


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition so long at most; whether it holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True
