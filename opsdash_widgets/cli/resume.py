"""``opsdash resume RUN``: let a paused run go on."""

from __future__ import annotations

import argparse

from .pause import add_verb, freeze


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Describe the command."""
    return add_verb(subparsers, "resume", "let paused runs go on")


def run(args: argparse.Namespace) -> int:
    """Resume each run."""
    return freeze(args, paused=False)
