"""``opsdash pause RUN``: freeze all processes of a run until it is resumed."""

from __future__ import annotations

import argparse
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..core.model import Run
    from ..core.service import Service

POLL_S = 0.05
PATIENCE_S = 5.0
"""How long it waits to say that it is done."""


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    words = "freeze runs until they are resumed, also those of other sessions"
    return add_verb(subparsers, "pause", words)


def add_verb(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
    verb: str,
    words: str,
) -> argparse.ArgumentParser:
    """Describe a command that does something to each of some runs."""
    parser = subparsers.add_parser(verb, help=words, description=words.capitalize())
    parser.add_argument("run_ids", metavar="RUN", nargs="+", help="its id, or an end")
    return parser


def run(args: argparse.Namespace) -> int:
    """Pause each run."""
    return freeze(args, paused=True)


def freeze(args: argparse.Namespace, *, paused: bool) -> int:
    """Pause each run, or resume it, and say when it is done."""
    from .session import opened_service

    with opened_service(args) as service:
        for run_id in [service.run(name).run_id for name in args.run_ids]:
            (service.pause if paused else service.resume)(run_id)
            tell_when(service, run_id, paused=paused)
    return 0


def tell_when(service: Service, run_id: str, *, paused: bool) -> None:
    """Say that a run is paused, or goes on, as soon as it is so."""
    from .terminal import tell

    deadline = time.monotonic() + PATIENCE_S
    found = service.run(run_id)
    while not _done(found, paused=paused) and time.monotonic() < deadline:
        time.sleep(POLL_S)
        found = service.run(run_id)
    if not _done(found, paused=paused):
        what = "pause" if paused else "go on"
        tell(f"{run_id} was asked to {what}; it is {found.word}.")
    elif paused and not found.is_terminal:
        tell(f"{run_id} is paused. Let it go on: opsdash resume {run_id}")
    else:
        tell(f"{run_id} is {found.word}.")


def _done(run: Run, *, paused: bool) -> bool:
    return run.is_terminal or (run.word == "paused") is paused
