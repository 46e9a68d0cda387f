"""``opsdash stop RUN``: ask, then SIGTERM, then SIGKILL; each rung is shown."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.service import Service
    from ..core.settings import Settings

POLL_S = 0.05


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "stop runs, also those of other sessions"
    parser = subparsers.add_parser("stop", help=words, description=words.capitalize())
    parser.add_argument(
        "run_ids",
        metavar="RUN",
        nargs="*",
        help="the id of a run or a group, or an end of it",
    )
    whose = parser.add_mutually_exclusive_group()
    whose.add_argument("--all", action="store_true", help="all runs of yours")
    whose.add_argument(
        "--all-users", action="store_true", help="all runs, also those of others"
    )
    parser.add_argument(
        "--yes", action="store_true", help="confirm --all or --all-users"
    )
    parser.add_argument(
        "--now", action="store_true", help="kill at once, with no time to clean up"
    )
    parser.add_argument("--wait", action="store_true", help="wait until it has ended")
    parser.set_defaults(parser=parser)
    return parser


def run(args: argparse.Namespace) -> int:
    """Ask each run to stop."""
    from .group_stop import is_group, stop_group
    from .session import opened_service
    from .stop_all import stop_all

    if bool(args.run_ids) is (args.all or args.all_users):
        args.parser.error("name runs, or give --all or --all-users alone")
    with opened_service(args) as service:
        if not args.run_ids:
            return stop_all(service, args)
        groups = [name for name in args.run_ids if is_group(service, name)]
        for name in groups:
            stop_group(service, name, now=args.now, wait=args.wait)
        args.run_ids = [name for name in args.run_ids if name not in groups]
        for run_id in [service.run(name).run_id for name in args.run_ids]:
            _stop(service, run_id, now=args.now, wait=args.wait)
    return 0


def _stop(service: Service, run_id: str, *, now: bool, wait: bool) -> None:
    from .ladder import LadderTeller, ending
    from .terminal import tell

    before = service.run(run_id)
    if before.is_terminal:
        tell(f"{run_id} had already ended: {ending(before)}")
        return
    ladder = LadderTeller(service, run_id)
    found = service.stop(run_id, kill_now=now)
    if not wait:
        tell(_asked(run_id, service.settings, now=now))
        return
    tell(f"{run_id} is being killed." if now else f"{run_id} is asked to stop.")
    while not found.is_terminal:
        ladder.tell_new()
        time.sleep(POLL_S)
        found = service.run(run_id)
    ladder.tell_new()
    tell(f"{run_id}: {ending(found)}")


def _asked(run_id: str, settings: Settings, *, now: bool) -> str:
    if now:
        return f"{run_id} is being killed."
    return (
        f"{run_id} was asked to stop; SIGTERM follows after {settings.stop_ask_s:g} s, "
        f"SIGKILL {settings.stop_grace_s:g} s later. "
        f"Watch it: opsdash stop --wait {run_id}"
    )
