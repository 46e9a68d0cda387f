"""``opsdash logs RUN``: what a run has written, and what it writes."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.follow import LogFile

BLOCK = 1000
"""How many lines are looked at, at once, from the end backwards."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "print what a run has written"
    parser = subparsers.add_parser("logs", help=words, description=words.capitalize())
    parser.add_argument("run_id", metavar="RUN", help="its id, or an end of it")
    parser.add_argument(
        "-f", "--follow", action="store_true", help="go on until the run has ended"
    )
    parser.add_argument(
        "-n", "--tail", type=_count, metavar="N", help="only the last N lines"
    )
    streams = parser.add_mutually_exclusive_group()
    streams.add_argument("--stdout", action="store_true", help="only its stdout")
    streams.add_argument("--stderr", action="store_true", help="only its stderr")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print the log, redacted; to stdout, whichever stream it came from."""
    from .following import follow
    from .output import Copier
    from .session import opened_service
    from .terminal import tell

    with opened_service(args) as service:
        run_id = service.run(args.run_id).run_id
        with service.log(run_id) as log:
            log.refresh()
            streams = _streams(args)
            start = 0 if args.tail is None else _tail_start(log, args.tail, streams)
            copier = Copier(log, start=start, streams=streams)
            if args.follow:
                follow(service, run_id, log, copier)
            else:
                copier.finish()
            if log.notice:
                tell(log.notice)
    return 0


def _streams(args: argparse.Namespace) -> Collection[int]:
    from .output import BOTH, ERR, MIXED, OUT

    if args.stdout:
        return (OUT, MIXED)
    return (ERR, MIXED) if args.stderr else BOTH


def _tail_start(log: LogFile, count: int, streams: Collection[int]) -> int:
    """Where the last lines of some streams begin."""
    from ..core.follow.attribution import STREAM_NAMES

    names = {STREAM_NAMES[stream] for stream in streams}

    def look() -> int:
        left, number = count, log.line_count
        while number > 0 and left > 0:
            first = max(0, number - BLOCK)
            for line in reversed(log.lines(first, number - first)):
                if left <= 0:
                    break
                left -= line.stream in names
                number = line.number
        if number >= log.line_count:
            return log.size
        return log.index.start_of(log.fd, number)

    return log.steady(look)


def _count(text: str) -> int:
    if text.isdecimal():
        return int(text)
    raise argparse.ArgumentTypeError("how many lines is a number from 0 on")
