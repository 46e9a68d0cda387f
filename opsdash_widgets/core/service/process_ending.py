"""Ending processes that are no run of ours: SIGTERM, the grace time, SIGKILL."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable

import msgspec

from ..rundir import processes

POLL_S = 0.02
KILL_PATIENCE_S = 5.0
"""How long a killed process may take to vanish: it may wait for a disk."""
ROUNDS = 20
"""A tree that still forks after so many rounds of SIGSTOP is killed as it is."""

Name = tuple[int, int]
"""Pid and start ticks: what names a process for ever."""


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How the end of a process came about.

    Attributes:
        word: ``ended`` (after SIGTERM), ``killed`` (SIGKILL), ``gone`` (it was there no
            more) or ``remains`` (not even SIGKILL has ended it yet).
        signalled: how many processes got the first signal.
    """

    word: str
    signalled: int = 0


def end(
    root: Name, below: Callable[[int], set[Name]], *, kill_now: bool, grace_s: float
) -> Ending:
    """End a process, and what is below it.

    Args:
        root: the process.
        below: gives what belongs to it too, from its pid.
        kill_now: with SIGKILL at once.
        grace_s: seconds between SIGTERM and SIGKILL.

    Raises:
        PermissionError: it may not be signalled; nothing was.
    """
    signalled = 0
    if not kill_now:
        members = {root} | below(root[0])
        if not send(root, signal.SIGTERM):
            return Ending(word="gone")
        signalled = len(members)
        for one in members:
            _forgivingly(one, signal.SIGTERM, signal.SIGCONT)
        if _are_gone(members, grace_s):
            return Ending(word="ended", signalled=signalled)
    killed = _kill(root, below)
    if not killed:
        return Ending(word="gone" if kill_now else "ended", signalled=signalled)
    gone = _are_gone(killed, KILL_PATIENCE_S)
    word = "killed" if gone else "remains"
    return Ending(word=word, signalled=signalled or len(killed))


def send(one: Name, number: signal.Signals) -> bool:
    """Signal a process if the number is still that of the one that was meant.

    Returns:
        Whether it was.

    Raises:
        PermissionError: it may not be signalled.
    """
    pid, ticks = one
    handle = None
    try:
        with contextlib.suppress(AttributeError):  # a build without pidfd
            handle = os.pidfd_open(pid)
        if processes.start_ticks(pid) != ticks:
            return False
        if handle is None:
            os.kill(pid, number)
        else:
            signal.pidfd_send_signal(handle, number)
    except PermissionError:
        raise
    except OSError:
        return False
    finally:
        if handle is not None:
            os.close(handle)
    return True


def _forgivingly(one: Name, *numbers: signal.Signals) -> None:
    """Signal what belongs to a process; what we may not signal of it stays."""
    for number in numbers:
        with contextlib.suppress(PermissionError):
            send(one, number)


def _kill(root: Name, below: Callable[[int], set[Name]]) -> set[Name]:
    """Freeze all, so that none can fork away, then SIGKILL all; what was there."""
    if not send(root, signal.SIGSTOP):
        return set()
    frozen = {root}
    for _ in range(ROUNDS):
        new = below(root[0]) - frozen
        if not new:
            break
        for one in new:
            _forgivingly(one, signal.SIGSTOP)
        frozen |= new
    for one in frozen:
        _forgivingly(one, signal.SIGKILL)
    return frozen


def _are_gone(members: set[Name], seconds: float) -> bool:
    """Whether all have ended within a time."""
    deadline = time.monotonic() + seconds
    while any(processes.start_ticks(pid) == ticks for pid, ticks in members):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_S)
    return True
