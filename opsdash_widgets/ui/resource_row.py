"""What a run uses of the machine, as the plain dict that the browser gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec

from ..core.model import Run, Sample, Totals

POINTS = 240
"""Samples that a card's lines are drawn of: 10 kB a time."""

_ALL_LOOKS = 3600.0


def look_again_s(duration: float | None) -> float:
    """How long a run's use may rest before it is read again, in seconds.

    It is sampled once a second; a long run's samples are many to read, and few of its
    lines' points change.
    """
    return max(1.0, (duration or 0.0) / _ALL_LOOKS)


class Used(Protocol):
    """What a run has used: ``model.Resources``, or what a cell has of it."""

    @property
    def samples(self) -> Sequence[Sample]:
        """Its samples, in order."""

    @property
    def totals(self) -> Totals:
        """Its peaks and totals."""


def resource_row(resources: Used) -> dict[str, Any]:
    """The samples in columns, and the totals.

    ``at`` is in seconds since the epoch, ``cpu`` in percent of one core, ``rss`` in
    bytes, ``read`` and ``write`` in bytes a second; ``paused`` is 0 or 1.
    """
    samples = resources.samples
    return {
        "at": [round(one.at, 1) for one in samples],
        "cpu": [round(one.cpu_percent, 1) for one in samples],
        "rss": [one.rss for one in samples],
        "read": [round(one.read_rate) for one in samples],
        "write": [round(one.write_rate) for one in samples],
        "threads": [one.threads for one in samples],
        "processes": [one.processes for one in samples],
        "paused": [int(one.paused) for one in samples],
        "totals": msgspec.to_builtins(resources.totals),
    }


def with_totals(row: dict[str, Any], run: Run) -> dict[str, Any]:
    """The same for a run that may have ended since: with what its exit record says."""
    totals = run.verdict.totals
    if totals is None or not row:
        return row
    return row | {"totals": msgspec.to_builtins(totals)}
