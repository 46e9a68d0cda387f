"""Times, durations and sizes as a terminal shows them."""

from __future__ import annotations

import time

MINUTE, HOUR, DAY = 60, 3600, 86400


def duration(seconds: float | None) -> str:
    """``4.2 s``, ``0:42``, ``1:02:09``; empty where it is not known."""
    if seconds is None:
        return ""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s"
    whole = int(seconds)
    hours, minutes, rest = whole // HOUR, whole // MINUTE % 60, whole % MINUTE
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def ago(moment: float | None, now: float | None = None) -> str:
    """``42 s ago``, ``3 h ago``, then the date."""
    if moment is None:
        return ""
    seconds = max(0, (time.time() if now is None else now) - moment)
    if seconds < MINUTE:
        return f"{int(seconds)} s ago"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} m ago"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h ago"
    return time.strftime("%Y-%m-%d", time.localtime(moment))


def exact(moment: float | None) -> str:
    """The local time to the second, with its offset from UTC."""
    if moment is None:
        return ""
    return time.strftime("%Y-%m-%d %H:%M:%S %z", time.localtime(moment))


def size_text(size: int) -> str:
    """``512 B``, ``1.4 MiB``, ``12 GiB``."""
    value = float(size)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{value:.3g} {unit}"
        value /= 1024
    return f"{value:,.3g} TiB"
