"""``opsdash resume RUN``: let a paused run go on."""

from __future__ import annotations

import argparse


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "let paused runs go on"
    parser = subparsers.add_parser("resume", help=words, description=words.capitalize())
    parser.add_argument("run_ids", metavar="RUN", nargs="+", help="its id, or an end")
    return parser


def run(args: argparse.Namespace) -> int:
    """Resume each run."""
    from .pause import tell_when
    from .session import opened_service

    with opened_service(args) as service:
        for run_id in [service.run(name).run_id for name in args.run_ids]:
            service.resume(run_id)
            tell_when(service, run_id, paused=False)
    return 0
