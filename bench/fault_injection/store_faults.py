"""What happens to the registry's file while runs run."""

from __future__ import annotations

import contextlib
import os
import random
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from .processes import now
from .sessions import Sessions

EVERY_S = 2.0
LOCKED_S = 1.0
NAMES = (
    "registry deleted",
    "registry corrupted",
    "registry locked",
    "registry's writer killed",
)


@dataclass(frozen=True)
class StoreFault:
    """One fault of the registry, and when it was (boot time, seconds)."""

    name: str
    since: float
    until: float

    def touches(self, begun: float, ended: float) -> bool:
        """Whether it was there while something went on."""
        return self.since < ended and begun < self.until


class StoreFaults:
    """Injects one after the other."""

    def __init__(self, file: Path, sessions: Sessions, dice: random.Random) -> None:
        self._file = file
        self._sessions = sessions
        self._dice = dice
        self._due = now() + EVERY_S
        self._lock: sqlite3.Connection | None = None
        self.events: list[StoreFault] = []

    def step(self) -> None:
        """Inject one, if it is time."""
        if now() < self._due or not self._file.exists():
            return
        self._due = now() + EVERY_S * (0.5 + self._dice.random())
        self.release()
        name = self._dice.choice(NAMES)
        inject: dict[str, Callable[[], bool]] = {
            "registry deleted": self._delete,
            "registry corrupted": self._corrupt,
            "registry locked": self._take,
            "registry's writer killed": self._kill,
        }
        if inject[name]():
            self.events.append(StoreFault(name, now(), self._due))

    def release(self) -> None:
        """Let go of the registry's lock."""
        if self._lock is not None:
            self._lock.close()
        self._lock = None

    def _delete(self) -> bool:
        for suffix in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        return True

    def _corrupt(self) -> bool:
        try:
            with self._file.open("r+b") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(self._dice.choice((0, 4096)))
                file.write(os.urandom(max(4096, size - 4096)))
        except OSError:
            return False
        return True

    def _take(self) -> bool:
        self._lock = sqlite3.connect(self._file, isolation_level=None, timeout=0)
        with contextlib.suppress(sqlite3.Error):
            self._lock.execute("BEGIN IMMEDIATE")
            self._due = now() + LOCKED_S
            return True
        self.release()
        return False

    def _kill(self) -> bool:
        self._sessions.kill(self._sessions.at(self._dice.randrange(3)))
        return True
