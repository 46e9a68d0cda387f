"""A cgroup (version 2) of the run's own, where the kernel lets us make one.

It finds what a scan of ``/proc`` could miss and kills a whole tree at once
(``cgroup.kill``, Linux 5.14). Without one the subreaper keeps the tree together.
"""

from __future__ import annotations

import fcntl
import os
import time

_MOUNTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")
_PREFIX = "opsdash-"

REMOVE_TRIES, REMOVE_PAUSE_S = 5, 0.01

ABANDONED_S = 60.0
"""Age from which an empty cgroup of another folder's run has no owner any more."""


def create(run_id: str, runs_dir: str) -> str | None:
    """Make the run's cgroup below our own; ``None`` where that is not allowed.

    Those that killed supervisors have left behind are removed on the way.
    """
    own = _path_of("self")
    for mount in _MOUNTS:
        if own is None or not os.access(f"{mount}/cgroup.procs", os.F_OK):
            continue
        folder = f"{mount}{_above_runs(own)}"
        path = f"{folder}/{_PREFIX}{run_id}"
        try:
            os.mkdir(path, 0o755)
        except OSError:
            continue
        _sweep(folder, runs_dir)
        if os.access(f"{path}/cgroup.procs", os.W_OK):
            return path
        _try_to_remove(path)
    return None


def leave_others() -> None:
    """Leave the cgroup of the run from within which we were started, if we were.

    It is killed as a whole with that run, which is not ours.
    """
    own = _path_of("self")
    if own is None or _above_runs(own) == own.rstrip("/"):
        return
    for mount in _MOUNTS:
        if _write(f"{mount}{_above_runs(own)}/cgroup.procs", "0"):
            return


def of_run(run_id: str, path: object) -> str | None:
    """The cgroup that ``child.json`` names, if it is there and the run's own."""
    if not isinstance(path, str) or not path.endswith(f"/{_PREFIX}{run_id}"):
        return None
    known = path.startswith(tuple(f"{mount}/" for mount in _MOUNTS))
    return path if known and "/../" not in path and os.path.isdir(path) else None


def _path_of(pid: int | str) -> str | None:
    try:
        with open(f"/proc/{pid}/cgroup") as file:
            lines = file.read().splitlines()
    except OSError:
        return None
    return next((line[3:] for line in lines if line.startswith("0::")), None)


def _above_runs(path: str) -> str:
    """Where a run's cgroup goes: a run that launches runs does not hold them."""
    return path.partition(f"/{_PREFIX}")[0].rstrip("/")


def _sweep(folder: str, runs_dir: str) -> None:
    """Remove the empty cgroups of runs whose supervisor was killed."""
    try:
        names = os.listdir(folder)
    except OSError:
        return
    for name in names:
        if name.startswith(_PREFIX):
            path = f"{folder}/{name}"
            if not _has_owner(path, f"{runs_dir}/{name[len(_PREFIX) :]}"):
                _try_to_remove(path)  # one that is not empty stays for a later sweep


def _has_owner(path: str, run_dir: str) -> bool:
    """Whether a run's supervisor may live (its job may not have joined yet)."""
    try:
        fd = os.open(f"{run_dir}/lock", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:  # a run of another folder
        return _is_young(path)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(fd)
    return False


def _is_young(path: str) -> bool:
    try:
        return time.time() - os.stat(path).st_mtime < ABANDONED_S
    except OSError:
        return False


def join(path: str) -> None:
    """Move the calling process into a cgroup; its children follow."""
    _write(f"{path}/cgroup.procs", "0")


def members(path: str) -> list[int]:
    """The pids in a cgroup."""
    try:
        with open(f"{path}/cgroup.procs") as file:
            return [int(line) for line in file]
    except OSError:
        return []


def kill(path: str) -> bool:
    """Kill everything in a cgroup at once; whether the kernel can."""
    return _write(f"{path}/cgroup.kill", "1")


def remove(path: str) -> None:
    """Remove the cgroup of a run that has ended, or leave it for a later sweep.

    The kernel takes a moment to let go of what has just ended.
    """
    for _ in range(REMOVE_TRIES):
        if _try_to_remove(path):
            return
        time.sleep(REMOVE_PAUSE_S)


def _try_to_remove(path: str) -> bool:
    try:
        os.rmdir(path)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _write(path: str, text: str) -> bool:
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        os.write(fd, text.encode())
    except OSError:
        return False
    finally:
        os.close(fd)
    return True
