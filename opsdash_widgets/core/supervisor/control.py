"""What sessions ask of the run (``control.json``), as the supervisor reads it.

Whoever may write the file may write anything into it: what is no request is ignored,
and what was asked before stays.
"""

from __future__ import annotations

import fcntl
import os

from . import records

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any

LONGEST_NAME = 200
"""Characters of the name of who asked: it must fit into the exit record."""

GRACE_S = 10.0
"""Seconds between SIGTERM and SIGKILL where the request does not say."""

_LONGEST_WAIT_S = 1e9


class Request:
    """What is asked of the run.

    Attributes:
        stop: the run shall stop.
        kill: the ladder shall skip to its last rung.
        freeze: all processes shall be frozen.
        by: who asked first.
        ask_s: seconds between asking and SIGTERM.
        grace_s: seconds between SIGTERM and SIGKILL.
    """

    def __init__(self, fields: dict[str, Any]) -> None:
        self.stop = fields.get("stop") is True
        self.kill = self.stop and fields.get("kill") is True
        self.freeze = fields.get("freeze") is True
        by = fields.get("by")
        self.by = _plain(by) if isinstance(by, str) else ""
        self.ask_s = _seconds(fields.get("ask_s"), 0.0)
        self.grace_s = _seconds(fields.get("grace_s"), GRACE_S)


def _plain(text: str) -> str:
    """A text that every JSON reader takes: half a surrogate pair is none."""
    return text[:LONGEST_NAME].encode("utf-8", "replace").decode()


def _seconds(value: Any, default: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return default
    return float(value) if 0 <= value <= _LONGEST_WAIT_S else default


class ControlFile:
    """``control.json`` of one run, read again when it has changed."""

    def __init__(self, dir_fd: int) -> None:
        self._dir_fd = dir_fd
        self._seen: tuple[int, ...] = ()
        self._request = Request({})
        self._lock = -1

    def read(self) -> Request:
        """What is asked now."""
        try:
            now = os.stat("control.json", dir_fd=self._dir_fd, follow_symlinks=False)
        except OSError:
            return self._request
        seen = (now.st_ino, now.st_mtime_ns, now.st_size)
        if seen != self._seen:
            text = records.read_text(self._dir_fd, "control.json", records.SMALL)
            if text is not None:  # else it is none, or cannot be read yet
                self._seen = seen
                self._take(text)
        return self._request

    def _take(self, text: str) -> None:
        try:
            self._request = Request(records.loads_dict(text))
        except ValueError:
            return

    def hold(self) -> bool:
        """Keep those who write the file out; whether that was possible at once."""
        try:
            self._lock = records.open_append(self._dir_fd, "control.lock")
        except OSError:  # nobody can write there: nobody takes anything back
            return True
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.release()
            return False
        return True

    def release(self) -> None:
        """Let them in again."""
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1
