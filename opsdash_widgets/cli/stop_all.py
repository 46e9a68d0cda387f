"""``opsdash stop --all``: everything at once, asked about once."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from .terminal import confirm, tell

if TYPE_CHECKING:
    from ..core.model import Run
    from ..core.service import Service

POLL_S = 0.1


def stop_all(service: Service, args: argparse.Namespace) -> int:
    """Stop all runs of the user, or of everybody.

    Raises:
        ConfirmationNeeded: it is not confirmed.
    """
    from ..core.errors import ConfirmationNeeded

    mine = not args.all_users
    meant = service.stoppable(mine=mine)
    if not meant:
        tell("There is nothing to stop.")
        return 0
    question = _question(meant, service.actor.name, now=args.now)
    if not args.yes and not confirm(question):
        raise ConfirmationNeeded(question, "stop all")
    runs = service.stop_all(mine=mine, kill_now=args.now)
    asked = "being killed" if args.now else "asked to stop"
    tell(f"{_count(len(runs))} {'is' if len(runs) == 1 else 'are'} {asked}.")
    if args.wait:
        _wait(service, runs)
    return 0


def _question(meant: Sequence[Run], me: str, *, now: bool) -> str:
    verb = "Kill" if now else "Stop"
    others = {run.spec.owner or "nobody known" for run in meant} - {me}
    whose = f", also of {', '.join(sorted(others))}" if others else " of yours"
    return f"{verb} {_count(len(meant))}{whose}?"


def _count(count: int) -> str:
    return "1 run" if count == 1 else f"{count:,} runs"


def _wait(service: Service, runs: Sequence[Run]) -> None:
    left = [run.run_id for run in runs]
    while left := [one for one in left if not service.run(one).is_terminal]:
        time.sleep(POLL_S)
    tell(f"{_count(len(runs))} ended.")
