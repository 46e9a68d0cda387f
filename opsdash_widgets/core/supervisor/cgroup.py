"""A cgroup (version 2) of the run's own, where the kernel lets us make one.

It finds what a scan of ``/proc`` could miss and kills a whole tree at once
(``cgroup.kill``, Linux 5.14). Without one the subreaper keeps the tree together.
"""

from __future__ import annotations

import os

_MOUNTS = ("/sys/fs/cgroup", "/sys/fs/cgroup/unified")


def create(run_id: str) -> str | None:
    """Make the run's cgroup below our own; ``None`` where that is not allowed."""
    own = _own_path()
    for mount in _MOUNTS:
        if own is None or not os.access(f"{mount}/cgroup.procs", os.F_OK):
            continue
        path = f"{mount}{own.rstrip('/')}/opsdash-{run_id}"
        try:
            os.mkdir(path, 0o755)
        except OSError:
            continue
        if os.access(f"{path}/cgroup.procs", os.W_OK):
            return path
        remove(path)
    return None


def _own_path() -> str | None:
    try:
        with open("/proc/self/cgroup") as file:
            lines = file.read().splitlines()
    except OSError:
        return None
    return next((line[3:] for line in lines if line.startswith("0::")), None)


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
    """Remove an empty cgroup; one that is not empty stays for a later sweep."""
    try:
        os.rmdir(path)
    except OSError:
        return


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
