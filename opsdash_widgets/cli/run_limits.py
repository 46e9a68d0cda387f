"""The options that limit a run, and what they mean."""

from __future__ import annotations

import argparse
from collections.abc import Mapping


def add_options(parser: argparse.ArgumentParser) -> None:
    """Describe one option for each limit."""
    from ..core.model.limits import LIMITS

    group = parser.add_argument_group("limits")
    for limit in LIMITS:
        group.add_argument(
            f"--{_word(limit.name)}-limit",
            dest=limit.name,
            metavar="TIME" if limit.unit == "s" else "SIZE",
            default="",
            help=f"{limit.help[0].lower()}{limit.help[1:-1]} ({limit.example})",
        )


def limits_of(args: argparse.Namespace) -> dict[str, float]:
    """The limits that were asked for.

    Raises:
        ValuesError: one is no time or no size.
    """
    from ..core.model import LIMITS, parse_limit

    read = {
        limit.name: parse_limit(limit.name, getattr(args, limit.name))
        for limit in LIMITS
    }
    return {name: value for name, value in read.items() if value is not None}


def limits_text(limits: Mapping[str, float]) -> str:
    """Limits in one line: ``time 2 h, memory 4 GiB``."""
    from ..core.model import limit_text

    return ", ".join(
        f"{_word(name)} {limit_text(name, v)}" for name, v in limits.items()
    )


def _word(name: str) -> str:
    return name.rpartition("_")[0]
