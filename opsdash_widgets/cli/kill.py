"""``opsdash kill PID``: a process by its number, named before it is confirmed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.service.process_ending import Ending
    from ..core.service.process_facts import ProcessInfo

REMAINS = 1
"""What it exits with when the process is still there."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "kill a process that is no run, by its number"
    parser = subparsers.add_parser(
        "kill",
        help=words,
        description=words.capitalize(),
        epilog="SIGTERM first, SIGKILL after stop_grace_s. Runs have `opsdash stop`.",
    )
    parser.add_argument("pid", metavar="PID", type=int, help="its number")
    parser.add_argument(
        "--now", action="store_true", help="kill at once, with no time to clean up"
    )
    parser.add_argument(
        "--tree", action="store_true", help="with all below it, but for runs"
    )
    parser.add_argument("--yes", action="store_true", help="confirm it")
    return parser


def run(args: argparse.Namespace) -> int:
    """Name the process, ask, and end it."""
    from ..core.errors import ConfirmationNeeded
    from .session import opened_service
    from .terminal import confirm, tell

    with opened_service(args) as service:
        found = service.processes.find(args.pid)
        how = {"tree": args.tree, "kill_now": args.now}
        try:
            ending = service.processes.kill(found, confirmed=args.yes, **how)
        except ConfirmationNeeded as needed:
            if not confirm(needed.question):
                raise
            ending = service.processes.kill(found, confirmed=True, **how)
    tell(_words(found, ending))
    return REMAINS if ending.word == "remains" else 0


def _words(found: ProcessInfo, ending: Ending) -> str:
    count = ending.signalled
    which = f"Process {found.pid}" if count <= 1 else f"{count} processes"
    has = "has" if count <= 1 else "have"
    return {
        "ended": f"{which} {has} ended after SIGTERM.",
        "killed": f"{which} {has} been killed with SIGKILL.",
        "gone": f"Process {found.pid} had ended before it was signalled.",
    }.get(ending.word, f"Process {found.pid} waits for the system and ends after that.")
