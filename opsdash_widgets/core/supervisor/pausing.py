"""A hard pause: every process of a run is frozen until it is resumed.

Each freezing and thawing is appended to ``pauses.jsonl``: it says since when a run has
been paused and by whom, and what of its time does not count for its limit.
"""

from __future__ import annotations

import time

from . import records

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from typing import Any

    from .control import Request
    from .tree import Tree

NAME = "pauses.jsonl"

_LATEST_S = 1e10
"""No boot time is later than this: what a job has written there is no number."""


class Freezer:
    """Freezes and thaws a tree as it is asked for.

    Args:
        dir_fd: the run directory; what an earlier supervisor has done is read from it.
        tree: what is frozen.
    """

    def __init__(self, dir_fd: int, tree: Tree) -> None:
        self._dir_fd = dir_fd
        self._tree = tree
        self._since: float | None = None
        self._before = 0.0
        for line in (records.read_text(dir_fd, NAME, records.SMALL) or "").split("\n"):
            self._take(line)
        self._inherited = self.frozen

    @property
    def frozen(self) -> bool:
        """Whether the tree is frozen."""
        return self._since is not None

    def total_s(self) -> float:
        """How long it has been frozen in all, seconds of boot time."""
        now = 0.0 if self._since is None else _boot_time() - self._since
        return self._before + max(0.0, now)

    def follow(self, request: Request) -> None:
        """Do what is asked: a stop lets it go on, so that it can end by itself."""
        if request.freeze and not request.stop:
            if not self.frozen:
                # Noted first: should we be killed in between, an adopter knows of it.
                self._note(True, len(self._tree.members()), request.by)
                self._tree.freeze()
            elif self._inherited:
                self._tree.freeze()
            self._inherited = False
        elif self.frozen:
            self._note(False, self._tree.thaw(), request.by)

    def _note(self, paused: bool, signalled: int, by: str) -> None:
        line: dict[str, Any] = {
            "paused": paused,
            "at": time.time(),
            "boot": _boot_time(),
            "signalled": signalled,
            "by": by,
        }
        self._count(paused, line["boot"])
        records.append_line(self._dir_fd, NAME, line)

    def _take(self, line: str) -> None:
        """What an earlier supervisor has done; a line that is none says nothing."""
        try:
            record = records.loads_dict(line)
        except ValueError:
            return
        boot = record.get("boot")
        if isinstance(boot, float | int) and 0 <= boot <= _LATEST_S:
            self._count(record.get("paused") is True, float(boot))

    def _count(self, paused: bool, boot: float) -> None:
        if paused and self._since is None:
            self._since = boot
        elif not paused and self._since is not None:
            self._before += max(0.0, boot - self._since)
            self._since = None


def _boot_time() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)
