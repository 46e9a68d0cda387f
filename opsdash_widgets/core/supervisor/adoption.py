"""A job whose supervisor has died: followed by another, to its true end.

An adopter is not its parent and cannot wait for it. It learns the exit code from the
kernel (``PIDFD_GET_INFO``, Linux 6.15 and newer), else from what the parent has not
collected yet (field 52 of ``/proc/PID/stat``), else from the job's own ``exit.note``.
"""

from __future__ import annotations

import fcntl
import os
import time

from . import cgroup, process, records
from .attribution import UNKNOWN

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    End = tuple[int | None, Any, str]

GET_INFO = 3 << 30 | 64 << 16 | 0xFF << 8 | 11
"""``PIDFD_GET_INFO``: ``_IOWR(0xFF, 11, struct pidfd_info)`` of its first 64 bytes;
``<linux/pidfd.h>``"""
INFO_SIZE = 64
INFO_EXIT = 1 << 3
EXIT_CODE_AT = 60
"""``PIDFD_INFO_EXIT`` in the mask, and where ``exit_code`` is."""

COLLECTED_S = 2.0
"""How long the job's new parent may take to collect it."""
CHILD_S = 2.0
"""How long a job whose supervisor died at its start may take to say who it is."""

EXIT_CODE_FIELD = 49
"""``exit_code`` behind the command's name in ``/proc/PID/stat``."""

ENVIRONMENT = 4 << 20
"""Bytes read at most of a process's variables."""

_LAST_PID = (1 << 31) - 1
_CODES = range(-64, 256)
_LATEST_NS = 10**20
"""What a job may have noted and still be taken at its word (as ``rundir/facts.py``)."""

LOCK_PLACES = (240, 120, 60, 20)
"""Where the tree holds ``job.lock`` (``job.JOB_LOCK_FDS``)."""

_READABLE = 0o400
"""In the mode of a link of ``/proc/PID/fd``: it is open for reading, proc(5)."""


class Orphan:
    """The job of a run directory that runs already.

    Args:
        dir_fd: the run directory.
        run_id: its name.
        child: ``child.json``, as ``read_child`` gives it.

    Attributes:
        pid, ticks: the process.
        was_alive: it lived when it was adopted: its end was seen, whatever it was.
        ended: wall and boot time of its end, seconds: as it has noted it itself, or
            when it was seen to have ended.
        out_fd: its log, for its size and for cutting it; -1 where it is gone.
    """

    def __init__(self, dir_fd: int, run_id: str, child: dict[str, Any]) -> None:
        self._dir_fd = dir_fd
        self.ended: tuple[float, float] | None = None
        self.pid, self.ticks = child["pid"], child["ticks"]
        self._here = lives_here(child)
        self.was_alive = self._here and _is_alive(self.pid, self.ticks)
        self._handle = _handle(self.pid) if self._here else -1
        if process.start_ticks(self.pid) != self.ticks:
            self._drop_handle()
        self._run_id = run_id
        self.cgroup = cgroup.of_run(run_id, child.get("cgroup")) if self._here else None
        self.out_fd = _open_log(dir_fd)

    def reap(self) -> End | None:
        """How it ended, if it has: its code as far as it is known, and how it is."""
        if not self._has_ended():
            return None
        self.ended = time.time(), time.clock_gettime(time.CLOCK_BOOTTIME)
        code, source = self._exit_code()
        return code, None, source

    def known(self) -> Iterator[tuple[int, int]]:
        """(pid, start ticks) of the tree, as far as somebody knows it.

        The job, what the last sample of its supervisor named, whoever holds the lock
        that the tree inherits, and whoever has its id among its variables.
        """
        if not self._here:
            return
        yield self.pid, self.ticks
        text = records.read_text(self._dir_fd, "tree.json", records.SMALL)
        try:
            members = records.loads_dict(text or "{}").get("members")
        except ValueError:
            members = None
        for member in members if isinstance(members, list) else ():
            if isinstance(member, list) and [type(n) for n in member] == [int, int]:
                yield member[0], member[1]
        yield from _holders(self._dir_fd)
        yield from _marked(self._run_id)

    def _has_ended(self) -> bool:
        if self._handle >= 0:
            import select

            poll = select.poll()
            poll.register(self._handle, select.POLLIN)
            return bool(poll.poll(0))
        return not self._here or not _is_alive(self.pid, self.ticks)

    def _exit_code(self) -> tuple[int | None, str]:
        """The code and how it is known, asking who knows best first."""
        note = self._note()
        ended_well = False
        deadline = time.monotonic() + COLLECTED_S
        while time.monotonic() < deadline:
            # In this order: it may be collected between two questions.
            is_there = self._here and process.start_ticks(self.pid) == self.ticks
            zombie = _zombie_status(self.pid, self.ticks) if is_there else None
            status = _pidfd_exit(self._handle)
            if status is not None:
                return os.waitstatus_to_exitcode(status), "pidfd"
            if zombie:
                return os.waitstatus_to_exitcode(zombie), "zombie"
            ended_well = ended_well or zombie == 0
            if not is_there or zombie == note == 0:
                break
            time.sleep(0.005)
        if note is None and ended_well:
            return 0, "zombie"
        return note, "note" if note is not None else ""

    def _note(self) -> int | None:
        found = read_note(self._dir_fd, self.pid)
        if found is None:
            return None
        self.ended = found[1:]
        return found[0]

    def _drop_handle(self) -> None:
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1


class SizeWatch:
    """How long the log is, where nobody can see any more who writes to it."""

    def __init__(self, out_fd: int, record_fd: int) -> None:
        self._fd = out_fd
        self.size = os.fstat(out_fd).st_size if out_fd >= 0 else 0
        _forget_last(record_fd)

    def sample(self) -> bool:
        """Look; whether there was new output."""
        before = self.size
        self.size = os.fstat(self._fd).st_size if self._fd >= 0 else 0
        return self.size != before


def read_child(dir_fd: int) -> dict[str, Any] | None:
    """``child.json`` of a job that can be adopted, once it is there.

    ``None`` where there is none, or where it tells of another pid namespace (its number
    is somebody else's here), unless it has noted its end. Of another boot nothing lives
    any more.
    """
    deadline = time.monotonic() + CHILD_S
    while time.monotonic() < deadline:
        text = records.read_text(dir_fd, "child.json", records.SMALL)
        if text:
            child = _child_in(text)
            return child if child and _can_be_adopted(dir_fd, child) else None
        time.sleep(0.02)
    return None


def _child_in(text: str) -> dict[str, Any] | None:
    """A job's record, with numbers where there must be some; ``None`` for none."""
    try:
        child = records.loads_dict(text)
        pid, ticks = int(child["pid"]), int(child.get("ticks") or 0)
        started = float(child.get("started_boot") or 0.0)
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    if not 0 < pid <= _LAST_PID:
        return None
    return {**child, "pid": pid, "ticks": ticks, "started_boot": started}


def _can_be_adopted(dir_fd: int, child: dict[str, Any]) -> bool:
    is_over = process.boot_id() not in ("", child.get("boot_id"))
    return is_over or lives_here(child) or read_note(dir_fd, child["pid"]) is not None


def lives_here(child: dict[str, Any]) -> bool:
    """Whether a job's number means that job in this boot and this pid namespace."""
    here = (process.boot_id(), process.pid_namespace())
    return (child.get("boot_id"), child.get("pid_ns")) == here


def read_note(dir_fd: int, pid: int) -> tuple[int, float, float] | None:
    """What a Python job has noted of its own end: code, wall and boot time."""
    words = (records.read_text(dir_fd, "exit.note", 128) or "").split()
    try:
        noted, code, wall_ns, boot_ns = (int(word) for word in words)
    except ValueError:
        return None
    if noted != pid or code not in _CODES:
        return None
    if not (0 <= wall_ns < _LATEST_NS and 0 <= boot_ns < _LATEST_NS):
        return None
    return code, wall_ns / 1e9, boot_ns / 1e9


def _is_alive(pid: int, ticks: int) -> bool:
    return process.start_ticks(pid) == ticks and not process.is_zombie(pid)


def _handle(pid: int) -> int:
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):  # gone, or a kernel without
        return -1


def _pidfd_exit(handle: int) -> int | None:
    """The wait status of a process that has been collected, where the kernel tells."""
    info = bytearray(INFO_SIZE)
    info[:8] = INFO_EXIT.to_bytes(8, "little")
    try:
        fcntl.ioctl(handle, GET_INFO, info)
    except (OSError, ValueError):
        return None
    if not int.from_bytes(info[:8], "little") & INFO_EXIT:
        return None
    return int.from_bytes(info[EXIT_CODE_AT:], "little", signed=True)


def _zombie_status(pid: int, ticks: int) -> int | None:
    """The wait status of a process that nobody has collected yet.

    To who may not look closely at it (``PTRACE_MODE_READ_FSCREDS``, ptrace(2); its
    user alone says nothing: it may have had another group) the kernel shows a 0 that
    means nothing.
    """
    fields = process.stat_fields(pid)
    if not fields or not process.has_ended(fields) or int(fields[19]) != ticks:
        return None
    try:
        os.readlink(f"/proc/{pid}/ns/user")
    except OSError:  # gone, or it had other rights: what is told depends on the same
        return None
    return int(fields[EXIT_CODE_FIELD])


def _holders(dir_fd: int) -> Iterator[tuple[int, int]]:
    """Who has ``job.lock`` open as our trees have it: there, and for writing.

    A session that only asks whether it is held has it open for reading, by chance at
    the same number; it is no member, and must not end with the run.
    """
    try:
        lock = os.stat("job.lock", dir_fd=dir_fd, follow_symlinks=False)
    except OSError:
        return
    for pid in process.numbers():
        for place in LOCK_PLACES:
            try:
                opened = os.lstat(f"/proc/{pid}/fd/{place}").st_mode
                if opened & _READABLE:
                    continue
                held = os.stat(f"/proc/{pid}/fd/{place}")
            except OSError:
                continue
            if os.path.samestat(held, lock):
                yield pid, process.start_ticks(pid) or 0
                break


def _marked(run_id: str) -> Iterator[tuple[int, int]]:
    """Who was started with the run's id in its environment."""
    mark = b"\0OPSDASH_RUN_ID=%s\0" % run_id.encode()
    for pid in process.numbers():
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                variables = file.read(ENVIRONMENT)
        except OSError:  # gone, or another user's
            continue
        if mark in b"\0%s\0" % variables:
            yield pid, process.start_ticks(pid) or 0


def _open_log(dir_fd: int) -> int:
    flags = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        return os.open("output.log", flags, dir_fd=dir_fd)
    except OSError:
        return -1


def _forget_last(record_fd: int) -> None:
    """Whose the last bytes were that the dead supervisor saw is not known any more."""
    size = os.fstat(record_fd).st_size if record_fd >= 0 else 0
    last = size // 24 * 24 - 24
    if last < 0:
        return
    try:
        with open(f"/proc/self/fd/{record_fd}", "rb") as file:
            file.seek(last)
            offset = int.from_bytes(file.read(8), "little")
    except OSError:  # the job has taken the right to read it
        return
    records.append_record(record_fd, offset, time.time_ns(), UNKNOWN)
