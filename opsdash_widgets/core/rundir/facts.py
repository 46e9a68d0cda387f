"""What can be observed of a run: its directory's files and the process they name."""

from __future__ import annotations

import errno
import os
import re
import time
from pathlib import Path
from typing import Any

import msgspec

from ..model import Totals
from . import files, locks, processes
from .control import Control, Pause, pauses_in, read_control, rungs_in

NOTE_SIZE = 128
"""Bytes read at most of ``exit.note``."""
_NOTE = re.compile(rb"(\d{1,10}) (-?\d{1,3}) (\d{1,20}) (\d{1,20}) *\n")
_LAST_SIGNAL = 64
_GREATEST_CODE = 255

BEFORE_START = "queue"
"""The rung of a stop that ended a run before it was started."""


class ExitRecord(msgspec.Struct, frozen=True, kw_only=True):
    """``exit.json``, as the supervisor writes it.

    Attributes:
        schema: name and version of this format.
        code: the job's exit code; ``None`` where a signal ended it or none is known.
        signal: the number of the signal that ended it.
        exec_error: why the job could not be started: ``errno``, ``message``, ``what``.
        stop: the ladder's last ``rung`` and who asked (``by``), where a stop was asked;
            ``how`` is ``at once`` where somebody skipped ahead to the kill.
        limit: ``time``, ``memory`` or ``output`` where a limit ended the run.
        limit_value: that limit, in its unit.
        ended: wall time of the end, seconds since the epoch.
        ended_boot: boot time of the end, seconds.
        boot_id: the boot on which it ended.
        user_s: processor time in user mode, seconds.
        system_s: processor time in the kernel, seconds.
        max_rss_kb: greatest resident size of one process, KiB.
        resources: peaks and totals of the whole tree.
        paused_s: how long it was frozen in all, seconds.
        oom: who says that the kernel killed it for lack of memory: ``cgroup``,
            ``kernel`` (its log), or empty.
        source: how the code is known: ``wait``, ``pidfd``, ``note``, ``zombie``, or
            empty where it is not.
    """

    schema: str = "exit/1"
    code: int | None = None
    signal: int | None = None
    exec_error: dict[str, Any] | None = None
    stop: dict[str, str] | None = None
    limit: str | None = None
    limit_value: float | None = None
    ended: float = 0.0
    ended_boot: float = 0.0
    boot_id: str = ""
    user_s: float = 0.0
    system_s: float = 0.0
    max_rss_kb: int = 0
    resources: Totals | None = None
    paused_s: float = 0.0
    oom: str = ""
    source: str = ""


class ExitNote(msgspec.Struct, frozen=True, kw_only=True):
    """``exit.note``, as a Python job writes it as its last act.

    Attributes:
        code: its exit code; negative where it was about to end itself by that signal.
        ended: wall time, seconds since the epoch.
        ended_boot: boot time, seconds.
    """

    code: int
    ended: float = 0.0
    ended_boot: float = 0.0


class ChildRecord(msgspec.Struct, frozen=True, kw_only=True):
    """``child.json``, as the job's process writes it before it becomes the job.

    Attributes:
        pid: its process id.
        ticks: its start, clock ticks since boot: with the pid and the boot its name.
        boot_id: the boot it started on.
        pid_ns: the pid namespace its pid belongs to.
        started: wall time, seconds since the epoch.
        started_boot: boot time, seconds.
    """

    pid: int
    ticks: int | None = None
    boot_id: str = ""
    pid_ns: str = ""
    started: float = 0.0
    started_boot: float = 0.0


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the state function may look at.

    Attributes:
        exit: the exit record, or ``None`` where there is none.
        exit_unreadable: there is an exit record, but it cannot be read, and no
            supervisor lives who would write another.
        lock_there: the supervisor's lock file exists.
        lock_held: the supervisor lives.
        waits: it is one of a group, and whoever was about to start it died before its
            supervisor could sign the lock.
        job_lock_held: the job's tree lives.
        child: the job's identity, or ``None`` before it started.
        control: what is asked of the run.
        rung: the last rung that a stop has reached, or empty.
        pause: the last that was done of freezing and thawing, or ``None``.
        note: what the job itself has noted of its end as its last act, or ``None``.
        boot_id: this boot.
        pid_ns: the observer's pid namespace.
        child_ticks: start of whatever process has the job's pid now, or ``None``.
        now: wall time of the observation, seconds since the epoch.
        now_boot: boot time of the observation, seconds.
    """

    exit: ExitRecord | None = None
    exit_unreadable: bool = False
    lock_there: bool = False
    lock_held: bool = False
    waits: bool = False
    job_lock_held: bool = False
    child: ChildRecord | None = None
    control: Control = msgspec.field(default_factory=Control)
    rung: str = ""
    pause: Pause | None = None
    note: ExitNote | None = None
    boot_id: str = ""
    pid_ns: str = ""
    child_ticks: int | None = None
    now: float = 0.0
    now_boot: float = 0.0


def gather(run_dir: Path) -> Facts:
    """Observe a run directory.

    The exit record is read again after the lock was found free: between the two the
    supervisor may have written it and gone.

    Raises:
        OSError: the directory is not there, is not one, is being deleted, or cannot be
            read now. What cannot be read is never taken for not being there.
    """
    with files.opened_dir(run_dir) as dir_fd:
        lock_there = files.exists(dir_fd, "lock")
        record, unreadable = _read_exit(dir_fd)
        lock_held = False
        if record is None:
            lock_held = locks.is_held(dir_fd, "lock")
            if lock_held:  # what stands there is not its supervisor's word: it lives
                unreadable = False
            else:
                record, unreadable = _read_exit(dir_fd)
        ended = record is not None or unreadable
        child = _read_child(dir_fd)
        rungs = rungs_in(dir_fd)
        pauses = pauses_in(dir_fd)
        waits = lock_there and not (ended or lock_held or child) and _waits(dir_fd)
        facts = Facts(
            exit=record,
            exit_unreadable=unreadable,
            lock_there=lock_there,
            lock_held=lock_held,
            waits=waits,
            job_lock_held=not (ended or lock_held)
            and locks.is_held(dir_fd, "job.lock"),
            child=child,
            control=read_control(dir_fd),
            rung=rungs[-1].rung if rungs else "",
            pause=pauses[-1] if pauses else None,
            # In this order: a note is written before its process is gone.
            child_ticks=processes.start_ticks(child.pid) if child else None,
            note=_read_note(dir_fd, child) if child and not record else None,
            boot_id=processes.boot_id(),
            pid_ns=processes.pid_namespace(),
            now=time.time(),
            now_boot=time.clock_gettime(time.CLOCK_BOOTTIME),
        )
        if not ended and not files.exists(dir_fd, "spec.json"):
            raise FileNotFoundError(errno.ENOENT, "being deleted", str(run_dir))
        begun_meanwhile = not lock_there and files.exists(dir_fd, "lock")
    return gather(run_dir) if begun_meanwhile else facts


NOTHING, ATTENDED, UNATTENDED = "nothing", "attended", "unattended"
"""What is left of an ended run: nothing; something, and its supervisor sees to it;
something that nobody sees to."""


def leftovers(run_dir: Path) -> str:
    """Whether anything of an ended run's tree may still live, and who sees to it.

    ``tree.json`` is there as long as that may be so (``supervisor/resources.py``).

    Raises:
        OSError: the directory is not there, or cannot be read now.
    """
    with files.opened_dir(run_dir) as dir_fd:
        if files.read_bytes(dir_fd, "tree.json") is None:  # a folder is none of ours
            return NOTHING
        return ATTENDED if locks.is_held(dir_fd, "lock") else UNATTENDED


def living_child(run_dir: Path) -> tuple[int, int] | None:
    """(pid, start ticks) of the job's own process, if it lives where we can signal it.

    A pid of another boot or another pid namespace is somebody else's here.

    Raises:
        OSError: the directory is not there, or cannot be read now.
    """
    facts = gather(run_dir)
    child = facts.child
    if child is None or child.ticks is None or child.ticks != facts.child_ticks:
        return None
    if (child.boot_id, child.pid_ns) != (facts.boot_id, facts.pid_ns):
        return None
    return child.pid, child.ticks


def _read_exit(dir_fd: int) -> tuple[ExitRecord | None, bool]:
    """The exit record, and whether there is one that cannot be understood."""
    for _ in range(2):  # it may appear, or be deleted, between the two questions
        data = files.read_bytes(dir_fd, "exit.json")
        if data is not None:
            record = files.decode(data, ExitRecord)
            return record, record is None
        if not files.exists(dir_fd, "exit.json"):
            return None, False
    return None, True


def _read_child(dir_fd: int) -> ChildRecord | None:
    data = files.read_bytes(dir_fd, "child.json")
    return files.decode(data, ChildRecord) if data else None


def _read_note(dir_fd: int, child: ChildRecord) -> ExitNote | None:
    """``PID CODE WALL_NS BOOT_NS``, if it is of the run's own process."""
    found = _NOTE.fullmatch(files.read_bytes(dir_fd, "exit.note", NOTE_SIZE) or b"")
    if found is None:
        return None
    pid, code, wall_ns, boot_ns = (int(part) for part in found.groups())
    if pid != child.pid or not -_LAST_SIGNAL <= code <= _GREATEST_CODE:
        return None
    return ExitNote(code=code, ended=wall_ns / 1e9, ended_boot=boot_ns / 1e9)


class _Waiting(msgspec.Struct, frozen=True):
    """What of a request says that its run waits for its turn in a group."""

    group: str = ""


def _waits(dir_fd: int) -> bool:
    """Whether a free lock is one that no supervisor of a group's run has signed."""
    if os.stat("lock", dir_fd=dir_fd, follow_symlinks=False).st_size:
        return False
    data = files.read_bytes(dir_fd, "spec.json", files.REQUEST)
    spec = files.decode(data or b"", _Waiting)
    return spec is not None and spec.group != ""
