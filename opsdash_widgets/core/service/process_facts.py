"""What is known of one process of this machine, and to which run it belongs."""

from __future__ import annotations

import contextlib
import os
import shlex
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import psutil

from ..errors import OpsdashError
from ..executors.local import SUPERVISOR
from ..redaction import safe_text
from ..rundir import processes, run_dir_path

LONGEST = 2_000
"""Characters of a command line that are told."""
LONGEST_IN_QUESTION = 120
"""The same in a question."""

_SUPERVISOR = os.path.join(*SUPERVISOR.parts[-2:])  # noqa: PTH118 - a piece of a path
_RUN_ID = b"OPSDASH_RUN_ID="


class ProcessInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A process as it was when somebody looked; pid and ticks name it for ever.

    Attributes:
        pid: its number.
        ticks: its start, clock ticks since boot.
        name: what the kernel calls it.
        command: its command line for a shell, secrets masked; empty for a thread of
            the kernel.
        user: whose it is.
        started: wall time of its start, seconds since the epoch.
        cpu_s: processor time that it has used, seconds.
        rss: bytes of memory that it has resident.
        state: ``running``, ``sleeping``, ``stopped`` …
        run_id: the run that it belongs to, or empty.
        supervises: it is that run's supervisor.
    """

    pid: int
    ticks: int
    name: str = ""
    command: str = ""
    user: str = ""
    started: float = 0.0
    cpu_s: float = 0.0
    rss: int = 0
    state: str = ""
    run_id: str = ""
    supervises: bool = False

    @property
    def sentence(self) -> str:
        """``process 4711, python -m http.server of alice, started 3 h ago``."""
        what = safe_text(self.command or f"[{self.name}]", LONGEST_IN_QUESTION)
        one_line = " ".join(what.split())
        age = _age(time.time() - self.started)
        return f"process {self.pid}, {one_line} of {self.user}, started {age} ago"


def look_at(pid: int, runs_dir: Path) -> ProcessInfo | None:
    """A living process; None where there is none of that number."""
    ticks = processes.start_ticks(pid)
    if ticks is None:
        return None
    try:
        process = psutil.Process(pid)
        with process.oneshot():
            argv = _argv(process)
            info = ProcessInfo(
                pid=pid,
                ticks=ticks,
                name=safe_text(process.name(), LONGEST),
                command=_command(argv),
                user=safe_text(process.username(), LONGEST),
                started=process.create_time(),
                cpu_s=sum(process.cpu_times()[:2]),
                rss=process.memory_info().rss,
                state=process.status(),
                run_id=_run_of(process, runs_dir),
                supervises=is_supervisor(argv),
            )
    except psutil.Error:
        return None
    return info if processes.start_ticks(pid) == ticks else None


def is_supervisor(argv: list[str]) -> bool:
    """Whether a command line is that of a run's supervisor."""
    return any(word.endswith(_SUPERVISOR) for word in argv[1:8])


def tree_below(root: int) -> Iterator[tuple[int, int]]:
    """(pid, start ticks) of what descends from a process.

    Supervisors and what is below them are left out: runs outlive who launched them.
    """
    children: dict[int, list[psutil.Process]] = {}
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            children.setdefault(process.ppid(), []).append(process)
    waiting = [root]
    while waiting:
        for process in children.get(waiting.pop(), ()):
            ticks = processes.start_ticks(process.pid)
            if ticks is not None and not is_supervisor(_argv(process)):
                yield process.pid, ticks
                waiting.append(process.pid)


def above_us() -> set[int]:
    """This process and all that it descends from: kernel, server, shell."""
    found = {os.getpid()}
    with contextlib.suppress(psutil.Error):
        found |= {process.pid for process in psutil.Process().parents()}
    return found


def _argv(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


def _command(argv: list[str]) -> str:
    if not argv:
        return ""
    first = os.path.basename(argv[0]) or argv[0]  # noqa: PTH119 - any text
    return safe_text(shlex.join([first, *argv[1:]]), LONGEST)


def _run_of(process: psutil.Process, runs_dir: Path) -> str:
    """The run whose supervisor, or whose job, a process is or descends from.

    A daemon that has cleaned its environment still has the supervisor above it.
    """
    above = [process, *process.parents()]
    for one in above:
        run_id = _named_run(one.pid)
        with contextlib.suppress(OpsdashError, OSError):
            if run_id and run_dir_path(runs_dir, run_id).is_dir():
                return run_id
    return ""


def _named_run(pid: int) -> str:
    """The run that the environment of a process names."""
    try:
        environment = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return ""
    for word in environment.split(b"\0"):
        if word.startswith(_RUN_ID):
            return word.removeprefix(_RUN_ID).decode("ascii", "replace")
    return ""


def _age(seconds: float) -> str:
    whole = max(0, int(seconds))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if whole >= size:
            return f"{whole // size} {unit}"
    return f"{whole} s"
