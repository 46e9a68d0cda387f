"""What a run uses of the machine, as the plain dict that the browser gets."""

from __future__ import annotations

from typing import Any

import msgspec

from ..core.model import Resources


def resource_row(resources: Resources) -> dict[str, Any]:
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
