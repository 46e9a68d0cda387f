"""The audit log: who did what, when, from where, and how it went."""

from __future__ import annotations

import os
import time
from pathlib import Path

import msgspec

from ..model import Actor
from ..redaction import safe_text

LONGEST = 2_000
"""Characters of one value that are kept."""


class AuditLog:
    """An append-only file of one JSON object a line, mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, actor: Actor, action: str, outcome: str, **what: str) -> None:
        """Append one line; a log that cannot be written never stops an action."""
        line = {
            "at": time.time(),
            "who": actor.name,
            "role": str(actor.role),
            "from": actor.origin,
            "action": action,
            "outcome": safe_text(outcome, LONGEST),
            **{name: safe_text(value, LONGEST) for name, value in what.items()},
        }
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        flags |= os.O_NONBLOCK  # a FIFO in its place shall not hang every action
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(self._path, flags, 0o600)
        except OSError:
            return  # the action itself reports what is wrong with the home folder
        try:
            os.write(fd, msgspec.json.encode(line) + b"\n")
        except OSError:
            return
        finally:
            os.close(fd)
