"""The ladder of a stop: ask, wait, terminate, wait, freeze and kill.

Each rung is appended to ``ladder.jsonl`` so that every view can show it.
"""

from __future__ import annotations

import time

from . import records
from .control import Request

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from collections.abc import Callable

    from .control import ControlFile
    from .tree import Tree

NAME = "ladder.jsonl"
ASK, TERMINATE, KILL = "ask", "terminate", "kill"

WRITER_PATIENCE_S = 2.0
"""How long a session that writes ``control.json`` may hold up SIGTERM."""

KILLS_AT_ONCE, KILL_AGAIN_S = 100, 1.0
"""What so many kills have not ended (another user's, one that waits for a disk) is
killed less often: it may live for hours, and each kill reads all of ``/proc``."""


class Ladder:
    """Climbs one rung at a time, as time passes or a user skips ahead.

    Args:
        dir_fd: the run directory.
        tree: what is stopped.
        control: whose writers are kept out while it is decided that a stop is meant.
        asked: what is asked of the run now.
    """

    def __init__(
        self,
        dir_fd: int,
        tree: Tree,
        control: ControlFile,
        asked: Callable[[], Request],
    ) -> None:
        self._dir_fd = dir_fd
        self._tree = tree
        self._control = control
        self._asked = asked
        self._due = 0.0
        self._kills = 0
        self.rung = ""
        self.asked_by = ""
        self.at_once = False
        for line in (records.read_text(dir_fd, NAME, records.SMALL) or "").split("\n"):
            self._take_up(line)

    def _take_up(self, line: str) -> None:
        """Go on where an earlier supervisor has died: what was signalled stays so."""
        try:
            record = records.loads_dict(line)
        except ValueError:
            return
        if record.get("rung") in (TERMINATE, KILL):
            self.rung, self.asked_by = record["rung"], Request(record).by
            self._due = time.monotonic() + self._control.read().grace_s

    def climb(self, request: Request) -> None:
        """Climb as far as a request and the clock ask for."""
        if not request.stop and self.rung in ("", ASK):
            self.rung = self.asked_by = ""  # withdrawn before anything was signalled
            return
        now = time.monotonic()
        if self.rung in ("", ASK):  # a stop may be withdrawn and asked for anew
            self.asked_by = request.by
        if not self.rung:
            self._reach(ASK, 0)
            self._due = now + request.ask_s
        if request.kill:
            self.at_once = self.at_once or self.rung != KILL
            self._kill(now)
        elif self.rung == ASK and now >= self._due:
            self._terminate(now)
        elif self.rung in (TERMINATE, KILL) and now >= self._due:
            self._kill(now)

    def told(self) -> dict[str, str] | None:
        """The stop as the exit record holds it; ``None`` where there was none."""
        if not self.rung:
            return None
        how = {"how": "at once"} if self.at_once else {}
        return {"rung": self.rung, "by": self.asked_by, **how}

    def _terminate(self, now: float) -> None:
        """Send SIGTERM, unless the stop is being withdrawn at this moment."""
        if not self._control.hold() and now < self._due + WRITER_PATIENCE_S:
            return
        try:
            request = self._asked()
            if request.stop:  # noted first: whoever reads the rung knows it is too late
                self._reach(TERMINATE, len(self._tree.members()))
                self._tree.terminate()
                self._due = now + request.grace_s
        finally:
            self._control.release()

    def _kill(self, now: float) -> None:
        # Again and again until all are gone: what was just forked dies next time.
        if self.rung == KILL and now < self._due:
            return
        count = self._tree.kill()
        if self.rung != KILL:
            self._reach(KILL, count)
        self._kills += 1
        self._due = now + (KILL_AGAIN_S if self._kills > KILLS_AT_ONCE else 0)

    def _reach(self, rung: str, signalled: int) -> None:
        self.rung = rung
        line = {"rung": rung, "at": time.time(), "signalled": signalled}
        records.append_line(self._dir_fd, NAME, {**line, "by": self.asked_by})
