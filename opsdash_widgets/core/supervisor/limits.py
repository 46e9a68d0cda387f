"""The limits of a run: who of them is reached first ends it."""

from __future__ import annotations

import time

from .control import Request

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

MIB = 1 << 20

TIME_GRACE_S = 10.0
"""Seconds between SIGTERM and SIGKILL of a run that takes too long."""
GREED_GRACE_S = 2.0
"""The same of one that takes too much memory or prints too much: it goes on with it."""
FAR_BEYOND = 1.25
"""A tree that has so many times its memory is killed at once."""

_NAME = "its {} limit"
_NOTHING = Request({})


class Limits:
    """What may end a run.

    Args:
        limits: those of ``spec.json``; what is no number limits nothing.
        started: boot time of the run's start, seconds.

    Attributes:
        reached: ``time``, ``memory`` or ``output`` once one of them is, or empty.
        value: that limit, in its unit.
        log_size: bytes of the log that are kept, or 0 for all.
    """

    def __init__(self, limits: Any, started: float) -> None:
        asked = limits if isinstance(limits, dict) else {}
        self._time = _number(asked.get("time_s"))
        self._memory = _number(asked.get("memory_mib"))
        self._output = _number(asked.get("output_mib"))
        self.log_size = int(_number(asked.get("log_mib")) * MIB)
        self._started = started
        self._kill = False
        self.reached = ""
        self.value = 0.0

    @property
    def watches_memory(self) -> bool:
        """Whether the memory must be looked at more often than it is sampled."""
        return self._memory > 0

    @property
    def name(self) -> str:
        """Who has asked for the stop, where a limit has."""
        return _NAME.format(self.reached) if self.reached else ""

    def take_up(self, by: str) -> None:
        """Know which limit it was for which an earlier supervisor has stopped the run.

        Args:
            by: who asked for that stop.
        """
        limits = {"time": self._time, "memory": self._memory, "output": self._output}
        for reached, value in limits.items():
            if by == _NAME.format(reached):
                self.reached, self.value = reached, value

    def time_left(self, frozen_s: float) -> float:
        """Seconds until the time is over; infinite where there is no end."""
        if not self._time or self.reached:
            return float("inf")
        now = time.clock_gettime(time.CLOCK_BOOTTIME)
        return self._time - (now - self._started - frozen_s)

    def check(self, frozen_s: float, printed: int) -> None:
        """Look whether the time is over, or too much was printed.

        Args:
            frozen_s: how long the run was frozen: it does not count.
            printed: bytes.
        """
        if self.reached:
            return
        if self.time_left(frozen_s) <= 0:
            self.reached, self.value = "time", self._time
        elif self._output and printed > self._output * MIB:
            self.reached, self.value = "output", self._output

    def check_memory(self, rss: int, pids: Iterable[int]) -> None:
        """Look whether a tree that was just measured holds too much.

        Args:
            rss: its resident size, bytes, in which what several share is counted for
                each: where that is not too much, nothing is.
            pids: its processes, to be looked at closely where it is.
        """
        most = self._memory * MIB
        if not most or rss <= most or self.reached not in ("", "memory"):
            return
        held = memory_of(pids)
        if held > most:
            self.reached, self.value = "memory", self._memory
        self._kill = self._kill or held > FAR_BEYOND * most

    def request(self) -> Request:
        """The stop that a reached limit asks for."""
        if not self.reached:
            return _NOTHING
        grace = TIME_GRACE_S if self.reached == "time" else GREED_GRACE_S
        return Request(
            {"stop": True, "kill": self._kill, "by": self.name, "grace_s": grace}
        )


def memory_of(pids: Iterable[int]) -> int:
    """Memory that processes hold together, bytes: what is shared is counted once.

    The sum of ``Pss`` (``/proc/PID/smaps_rollup``, proc(5)), or of the resident sizes
    where a process does not let us look.
    """
    return sum(_pss(pid) for pid in pids) << 10


def _pss(pid: int) -> int:
    for name, field in (("smaps_rollup", b"Pss:"), ("status", b"VmRSS:")):
        try:
            with open(f"/proc/{pid}/{name}", "rb") as file:
                for line in file:
                    if line.startswith(field):
                        return int(line.split()[1])
        except (OSError, ValueError, IndexError):
            continue
    return 0


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
        return 0.0
    return float(value) if value < 1e15 else 0.0
