"""Facts about processes from ``/proc``: Linux's only names for them that last."""

from __future__ import annotations

import os

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any

try:
    import _signal  # type: ignore[import-not-found]  # ``signal`` without enum
except ImportError:  # another implementation of Python
    import signal as _signal

signal: Any = _signal

END_NOW = (signal.SIGQUIT,)
END = (signal.SIGTERM, signal.SIGINT, *END_NOW)
WAKE = (signal.SIGCHLD, signal.SIGUSR1, *END)
"""What wakes a supervisor: its job has ended, something is asked, it is told to end."""

STAT_SIZE = 4096
"""Bytes of proc(5) stat at most: 52 numbers and a name of 64 characters."""

SCRIPT = b"/supervisor/supervisor.py"
COMMAND_LINE = 4096
"""Bytes of a command line within which a supervisor's script is named."""

PR_SET_CHILD_SUBREAPER = 36
"""``<linux/prctl.h>``"""


def start_ticks(pid: int | str) -> int | None:
    """When a process started, clock ticks since boot (field 22 of proc(5) stat)."""
    fields = stat_fields(pid)
    return int(fields[19]) if fields else None


def is_zombie(pid: int) -> bool:
    """Whether a process has ended and only waits to be reaped."""
    fields = stat_fields(pid)
    return bool(fields) and has_ended(fields)


def has_ended(fields: list[bytes]) -> bool:
    """The same of the fields of its stat.

    One whose first thread has left others behind looks like a zombie, and goes on.
    """
    return fields[0] in (b"Z", b"X") and int(fields[17]) < 2


def is_thread(number: int) -> bool:
    """Whether a number is that of a thread that leads no process."""
    try:
        with open(f"/proc/{number}/status", "rb") as file:
            status = file.read()
    except OSError:
        return True
    return b"\nTgid:\t%d\n" % number not in status


def stat_fields(pid: int | str) -> list[bytes]:
    """The fields of proc(5) stat after the command's name, which may hold anything."""
    try:  # not ``open``: it costs three times as much, and there are hundreds
        fd = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return []
    try:
        return os.read(fd, STAT_SIZE).rpartition(b")")[2].split()
    except OSError:
        return []
    finally:
        os.close(fd)


def boot_id() -> str:
    """The kernel's id of this boot; ``OPSDASH_BOOT_ID`` names another file in tests."""
    path = os.environ.get("OPSDASH_BOOT_ID", "/proc/sys/kernel/random/boot_id")
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""


def pid_namespace() -> str:
    """The pid namespace that this process's pids belong to."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:
        return ""


def become_subreaper() -> bool:
    """Have orphaned descendants reparented to this process; whether it worked."""
    try:
        import _ctypes  # ``ctypes`` itself costs 1 MB more

        this_program: Any = None
        prctl = _ctypes.dlsym(_ctypes.dlopen(this_program, 0), "prctl")
        result = _ctypes.call_function(prctl, (PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
    except (ImportError, AttributeError, OSError):
        return False
    return bool(result == 0)


def descendants(*roots: int) -> list[tuple[int, int]]:
    """All living descendants of processes as (pid, start ticks), without themselves.

    A run that was launched, or adopted, from within a run is no part of it.
    """
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for pid in numbers():
        if (fields := stat_fields(pid)) and not has_ended(fields):
            children.setdefault(int(fields[1]), []).append(pid)
            ticks[pid] = int(fields[19])
    found, queue = [], list(roots)
    while queue:
        for pid in children.get(queue.pop(), ()):
            if not is_supervisor(pid):
                found.append((pid, ticks[pid]))
                queue.append(pid)
    return found


def is_supervisor(pid: int) -> bool:
    """Whether a process is the supervisor of a run, to be left to itself."""
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            words = file.read(COMMAND_LINE).split(b"\0")
    except OSError:
        return False
    ours = any(word.endswith(SCRIPT) for word in words[3:6])
    return ours and words[1:3] == [b"-I", b"-S"]


def numbers() -> list[int]:
    """The pids of all processes."""
    try:
        return [int(name) for name in os.listdir("/proc") if name.isdigit()]
    except OSError:  # not mounted here
        return []


def send(pid: int, ticks: int, number: int) -> bool:
    """Send a signal to a process only if it is still the one that was meant."""
    handle = _handle(pid)
    try:
        if start_ticks(pid) != ticks:
            return False
        if handle is None:
            os.kill(pid, number)
        else:
            signal.pidfd_send_signal(handle, number)
    except OSError:
        return False
    finally:
        if handle is not None:
            os.close(handle)
    return True


def _handle(pid: int) -> int | None:
    """A pidfd, so that the pid cannot change hands between the check and the signal.

    ``None`` where the process is gone, or where the kernel (before 5.3, or a sandbox)
    or the interpreter's build has none: then the window is as short as it can be.
    """
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):
        return None
