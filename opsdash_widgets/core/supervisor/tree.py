"""The processes of a run as a whole: finding, stopping, freezing and killing them."""

from __future__ import annotations

import os

from . import cgroup, process
from .process import signal

TYPE_CHECKING = False  # importing typing would cost 8 ms of every start
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

FREEZE_ROUNDS = 20
"""A tree that still forks after so many rounds of SIGSTOP is taken as it is."""


class Tree:
    """Every process of a run.

    Args:
        above: the process that all are below, or 0.
        cgroup_path: the run's own cgroup, if it has one.
        known: names further ones, (pid, start ticks), that are below nobody any more;
            what they have started is found with them.

    Attributes:
        leader: the caller's own child that leads a process group and is not reaped yet,
            or 0. It is what can be signalled where there is no ``/proc``.
    """

    def __init__(
        self,
        above: int,
        cgroup_path: str | None,
        known: Callable[[], Iterable[tuple[int, int]]] | None = None,
    ) -> None:
        self._above = above
        self._cgroup = cgroup_path
        self._known = known
        self.leader = 0

    def members(self) -> set[tuple[int, int]]:
        """(pid, start ticks) of all that lives, but for ourselves.

        A session that runs inside the run may have started us to adopt it.
        """
        found = {one for one in self._named() if _is_member(*one)}
        roots = {pid for pid, _ in found} | ({self._above} if self._above else set())
        found.update(process.descendants(*roots))
        return {one for one in found if one[0] != os.getpid()}

    def _named(self) -> Iterable[tuple[int, int]]:
        yield from self._known() if self._known else ()
        for pid in cgroup.members(self._cgroup) if self._cgroup else ():
            yield pid, process.start_ticks(pid) or 0

    def terminate(self) -> None:
        """SIGTERM and SIGCONT to all: a stopped process never acts on SIGTERM alone."""
        members = self.members()
        for pid, ticks in members:
            process.send(pid, ticks, signal.SIGTERM)
            process.send(pid, ticks, signal.SIGCONT)
        if not members:
            self._signal_group(signal.SIGTERM, signal.SIGCONT)

    def freeze(self) -> set[tuple[int, int]]:
        """SIGSTOP to all, again until none has forked away; who was stopped."""
        frozen: set[tuple[int, int]] = set()
        for _ in range(FREEZE_ROUNDS):
            new = self.members() - frozen
            if not new:
                break
            for pid, ticks in new:
                process.send(pid, ticks, signal.SIGSTOP)
            frozen |= new
        return frozen

    def thaw(self) -> int:
        """SIGCONT to all; how many there were."""
        members = self.members()
        for pid, ticks in members:
            process.send(pid, ticks, signal.SIGCONT)
        return len(members)

    def kill(self) -> int:
        """Freeze all, so that none can fork away, then SIGKILL all."""
        frozen = self.freeze()
        if self._cgroup and os.getpid() not in cgroup.members(self._cgroup):
            cgroup.kill(self._cgroup)
        for pid, ticks in frozen:
            process.send(pid, ticks, signal.SIGKILL)
        if not frozen:
            self._signal_group(signal.SIGKILL)
        return len(frozen)

    def _signal_group(self, *numbers: int) -> None:
        for number in numbers if self.leader else ():
            try:
                os.killpg(self.leader, number)
            except OSError:  # it has ended meanwhile
                return


def _is_member(pid: int, ticks: int) -> bool:
    alive = process.start_ticks(pid) == ticks and not process.is_zombie(pid)
    return alive and not process.is_supervisor(pid)
