"""Facts about other processes, as far as a run directory's reader needs them."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def start_ticks(pid: int) -> int | None:
    """When a living process started, clock ticks since boot; ``None`` if none lives.

    Field 22 of ``/proc/PID/stat``; proc(5). A zombie does not live.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if stat[0] in (b"Z", b"X") else int(stat[19])


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
    try:
        handle = os.pidfd_open(pid)
    except OSError:
        return False
    try:
        if start_ticks(pid) != ticks:
            return False
        signal.pidfd_send_signal(handle, number)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True
