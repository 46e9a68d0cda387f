"""Facts about other processes, as far as a run directory's reader needs them.

The supervisor has its own (``supervisor/process.py``): it may import nothing of ours.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path


def start_ticks(pid: int) -> int | None:
    """When a living process started, clock ticks since boot; ``None`` if none lives.

    Field 22 of ``/proc/PID/stat``; proc(5). A zombie does not live, but for one whose
    first thread has left others behind.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    ended = stat[0] in (b"Z", b"X") and int(stat[17]) < 2
    return None if ended else int(stat[19])


def boot_id() -> str:
    """The kernel's id of this boot; ``OPSDASH_BOOT_ID`` names another file in tests."""
    path = os.environ.get("OPSDASH_BOOT_ID", "/proc/sys/kernel/random/boot_id")
    try:
        return Path(path).read_text("ascii").strip()
    except OSError:
        return ""


def pid_namespace() -> str:
    """The pid namespace of this process."""
    try:
        return str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return ""


def send_signal(pid: int, ticks: int, number: signal.Signals) -> bool:
    """Send a signal if the pid is still the process that was meant; whether it was."""
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
    """A pidfd; ``None`` where the process, the kernel or the interpreter has none."""
    try:
        return os.pidfd_open(pid)
    except (OSError, AttributeError):
        return None
