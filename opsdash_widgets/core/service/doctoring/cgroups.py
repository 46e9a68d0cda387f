"""Empty cgroups that killed supervisors of this home's runs have left behind."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping

from ...rundir import locks
from ...supervisor import cgroup
from .findings import Severity, Trouble, trouble
from .home import Home, is_settled
from .run_dirs import RUNS, Walk

MOUNTS = ("/sys/fs/cgroup/unified", "/sys/fs/cgroup")
_PREFIX = "opsdash-"


def run_cgroups() -> dict[str, list[str]]:
    """Run id -> the paths of its cgroups, of every home on this machine."""
    found: dict[str, list[str]] = {}
    for mount in MOUNTS:
        for folder, names, _ in os.walk(mount):
            names[:] = [] if folder in MOUNTS and folder != mount else names
            for name in names:
                if name.startswith(_PREFIX):
                    found.setdefault(name[len(_PREFIX) :], []).append(
                        f"{folder}/{name}"
                    )
    return found


def examine_cgroups(
    home: Home, walk: Walk, cgroups: Mapping[str, list[str]]
) -> Iterator[Trouble]:
    """The cgroups of ended runs of this home; those of others are left to them."""
    ours = (path for name in walk.ids for path in cgroups.get(name, ()))
    found = [path for path in ours if _is_left(home, path)]
    if found:
        count = f"{len(found):,} cgroups are" if len(found) > 1 else "A cgroup is"
        yield trouble(
            "cgroup",
            found[0],
            f"{count} left of runs that have ended.",
            "`opsdash doctor --fix` removes what is empty; the next launch does, too.",
            severity=Severity.NOTE,
            repair=lambda: _remove(home, found),
        )


def _is_left(home: Home, path: str) -> bool:
    run_id = path.rpartition("/")[2][len(_PREFIX) :]
    below = _entries(path)
    if below is None or cgroup.members(path) or any(one.is_dir() for one in below):
        return False  # gone by now, or in use
    try:
        with home.folder(*RUNS, run_id) as fd:
            if not is_settled(os.fstat(fd)):
                return False  # the kernel may still be at it
            return not (locks.is_held(fd, "lock") or locks.is_held(fd, "job.lock"))
    except OSError:
        return False


def _entries(path: str) -> list[os.DirEntry[str]] | None:
    with contextlib.suppress(OSError), os.scandir(path) as entries:
        return list(entries)
    return None


def _remove(home: Home, paths: list[str]) -> str:
    for path in paths:
        if _is_left(home, path):
            cgroup.remove(path)
    left = sum(os.path.isdir(path) for path in paths)  # noqa: PTH112 - texts
    return f"{len(paths) - left:,} of them were removed."
