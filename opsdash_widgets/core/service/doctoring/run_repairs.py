"""Repairs of one run directory; each looks again before it acts."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from ...errors import LaunchError, StopError
from ...model import RunSpec, RunState
from ...ports import Executor
from ...rundir import files, locks, processes, read_verdict
from ...rundir.facts import ChildRecord, ExitRecord
from .home import Home, lstat
from .processes import end_leftovers, until
from .rows import Rows, spec_of

RUNS = ("logs", "runs")

ADOPTION_S = 10.0
"""How long a new supervisor may take to hold the lock."""


def is_live(dir_fd: int) -> bool:
    """Whether a supervisor, or a process of the job, lives.

    Raises:
        OSError: it cannot be known now.
    """
    if locks.is_held(dir_fd, "lock") or locks.is_held(dir_fd, "job.lock"):
        return True
    child = files.decode(files.read_bytes(dir_fd, "child.json") or b"", ChildRecord)
    if child is None or child.ticks is None:
        return False
    here = (processes.boot_id(), processes.pid_namespace())
    if (child.boot_id, child.pid_ns) != here:
        return False
    return processes.start_ticks(child.pid) == child.ticks


def has_begun(dir_fd: int) -> bool:
    """Whether a supervisor has ever owned it: it is not taken for one that waits."""
    lock = lstat(dir_fd, "lock")
    return (lock is not None and lock.st_size > 0) or files.exists(dir_fd, "child.json")


def restore_spec(home: Home, name: str, rows: Rows) -> str:
    """Give a run directory its request back, or move it out of the way.

    Raises:
        OSError, StopError: neither can be done.
    """
    parts = (*RUNS, name)
    with home.folder(*parts) as fd:
        spec = spec_of(rows.path, name)
        # What never began would be started by whoever comes: better not to know it.
        if spec is not None and (has_begun(fd) or files.exists(fd, "exit.json")):
            with contextlib.suppress(FileNotFoundError):
                home.set_aside(*parts, "spec.json")
            files.write_atomic(fd, "spec.json", msgspec.json.encode(spec))
            return "Its request was written again as the registry holds it."
        _refuse_live(fd, name)
    return home.set_aside(*parts)


def rename_back(home: Home, name: str, run_id: str) -> str:
    """Give a run directory that was renamed its name back, or move it away.

    Raises:
        OSError: neither can be done.
    """
    with home.folder(*RUNS) as fd:
        if lstat(fd, run_id) is None and _is_only(home, name):
            os.rename(name, run_id, src_dir_fd=fd, dst_dir_fd=fd)
            return f"It is called {run_id} again."
    return home.set_aside(*RUNS, name)


def _is_only(home: Home, name: str) -> bool:
    """Whether a directory is whole: there is something in it that can be shown."""
    with home.folder(*RUNS, name) as fd:
        return has_begun(fd) or files.exists(fd, "exit.json")


def set_end_aside(home: Home, name: str) -> str:
    """Move a damaged exit record away.

    A run that never began would wait again without one: it keeps a record that says
    that its end is not known.

    Raises:
        OSError, StopError: it cannot be done.
    """
    parts = (*RUNS, name)
    with home.folder(*parts) as fd:
        seen = lstat(fd, "exit.json")
        if seen is None or _record(fd) is not None:
            raise FileNotFoundError(errno.ENOENT, "already repaired", name)
        _refuse_live(fd, name)
        if has_begun(fd):
            return home.set_aside(*parts, "exit.json")
        with home.aside(*parts) as aside:
            os.link(
                "exit.json",
                "exit.json",
                src_dir_fd=fd,
                dst_dir_fd=aside,
                follow_symlinks=False,
            )
        unknown = ExitRecord(ended=seen.st_mtime)
        files.write_atomic(fd, "exit.json", msgspec.json.encode(unknown))
    return "It was kept in set-aside/, and one that says that its end is not known is \
in its place."


def end_left_running(home: Home, name: str, groups: Sequence[str]) -> str:
    """End what a run has left running.

    Raises:
        OSError, StopError: not all of it can be ended.
    """
    with home.folder(*RUNS, name) as fd:
        if _record(fd) is None or locks.is_held(fd, "lock"):
            raise StopError("The run has a supervisor again.", "It ends them itself.")
        count = end_leftovers(fd, groups)
    return "It was ended." if count == 1 else f"{count} processes were ended."


def adopt(executor: Executor, path: Path, spec: RunSpec) -> str:
    """Give an orphan a new supervisor.

    Raises:
        LaunchError: none could be started.
    """

    def is_over() -> bool:
        try:
            return read_verdict(path).state is not RunState.ORPHANED
        except OSError:
            return False

    if is_over():
        return "It has a supervisor again, or has ended."
    if not executor.adopt(path, spec) or not until(is_over, ADOPTION_S):
        raise LaunchError(
            "No new supervisor could be started for it.",
            "Look into the run's supervisor.log for the cause.",
        )
    return "A new supervisor has taken it over."


def _record(dir_fd: int) -> ExitRecord | None:
    return files.decode(files.read_bytes(dir_fd, "exit.json") or b"", ExitRecord)


def _refuse_live(dir_fd: int, name: str) -> None:
    if is_live(dir_fd):
        raise StopError(f"The run {name} goes on.", "Repair it when it has ended.")
