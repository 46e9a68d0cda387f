"""``opsdash queue``: start what waits in groups until nothing is left."""

from __future__ import annotations

import argparse
import signal
import time
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.service import Service

POLL_S = 0.5
"""How often the records of groups are looked at; runs are started by a thread."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "start the runs that wait in groups, until none waits"
    parser = subparsers.add_parser(
        "queue",
        help=words,
        description=words.capitalize(),
        epilog="What a crash left behind stays paused; --resume goes on with it.",
    )
    parser.add_argument(
        "groups", nargs="*", metavar="GROUP", help="only look at these groups"
    )
    parser.add_argument("--list", action="store_true", help="list what waits, and end")
    parser.add_argument(
        "--resume", action="store_true", help="go on with groups that are paused, too"
    )
    parser.add_argument("--quiet", action="store_true", help="say nothing of progress")
    return parser


def run(args: argparse.Namespace) -> int:
    """Start what waits."""
    from .session import opened_service

    with opened_service(args) as service:
        wanted = [service.groups.get(name).group_id for name in args.groups]
        if args.list:
            return _list(service, wanted)
        return _drain(service, args, wanted)


def _list(service: Service, wanted: list[str]) -> int:
    from .group_progress import progress_words
    from .terminal import write_table
    from .times import ago

    service.sync()
    rows = []
    for group in service.groups.waiting():
        if not wanted or group.group_id in wanted:
            progress = service.groups.progress(group.group_id)
            words = progress_words(progress)
            state = str(progress.state)
            rows.append(
                [group.group_id, state, group.module, ago(group.created), words]
            )
    if rows:
        write_table(["GROUP", "STATE", "MODULE", "ASKED", "PROGRESS"], rows, state=1)
    else:
        print("Nothing waits.")
    return 0


def _drain(service: Service, args: argparse.Namespace, wanted: list[str]) -> int:
    from .terminal import tell

    stopped = _Stopped()
    service.groups.attend(go_on=True)
    if args.quiet:
        print("ready", flush=True)  # whoever left us behind may go now
    if args.resume:
        for group in service.groups.waiting():
            if group.paused and (not wanted or group.group_id in wanted):
                service.groups.resume(group.group_id)
    told = ""
    while not stopped.asked:
        service.groups.attend()
        service.sync()
        waiting = [
            group
            for group in service.groups.waiting()
            if not wanted or group.group_id in wanted
        ]
        ready = [group for group in waiting if group.waits and not group.holder]
        if not ready:
            break
        words = _words(service, [group.group_id for group in ready])
        if words != told and not args.quiet:
            tell(words)
            told = words
        time.sleep(POLL_S)
    if not args.quiet:
        _tell_end(service, wanted)
    return 0


def _words(service: Service, group_ids: list[str]) -> str:
    queued = sum(service.groups.progress(one).queued for one in group_ids)
    groups = "1 group" if len(group_ids) == 1 else f"{len(group_ids):,} groups"
    runs = "1 run waits" if queued == 1 else f"{queued:,} runs wait"
    return f"{runs} in {groups}."


def _tell_end(service: Service, wanted: list[str]) -> None:
    from .terminal import tell

    left = [
        group
        for group in service.groups.waiting()
        if not wanted or group.group_id in wanted
    ]
    for group in left:
        tell(f"{group.group_id}: {service.groups.progress(group.group_id).notice}")
    if not left:
        tell("Nothing waits.")


class _Stopped:
    """SIGTERM and Ctrl-C end the command in order: what waits goes on waiting."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGTERM, self._heard)
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, self._heard)

    def _heard(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
