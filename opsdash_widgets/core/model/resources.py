"""What a run uses of the machine, as its supervisor has sampled it."""

from __future__ import annotations

import msgspec


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Peaks and totals of a run's whole tree, as its exit record holds them.

    Attributes:
        peak_rss: greatest resident size of all processes together, bytes. A page that
            several share counts for each.
        peak_threads: greatest number of threads.
        peak_processes: greatest number of processes.
        cpu_s: processor time, seconds.
        read_bytes: read from storage.
        write_bytes: written to storage.
    """

    peak_rss: int = 0
    peak_threads: int = 0
    peak_processes: int = 0
    cpu_s: float = 0.0
    read_bytes: int = 0
    write_bytes: int = 0


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """One moment of a run.

    Attributes:
        at: wall time, seconds since the epoch.
        cpu_percent: of one core, over the time since the sample before.
        rss: resident size of all processes, bytes.
        read_rate: bytes a second read from storage since the sample before.
        write_rate: the same, written.
        threads: of all processes.
        processes: how many.
        paused: all of them were frozen.
    """

    at: float
    cpu_percent: float
    rss: int
    read_rate: float
    write_rate: float
    threads: int
    processes: int
    paused: bool = False


class Resources(msgspec.Struct, frozen=True, kw_only=True):
    """A run's use of the machine over time.

    Attributes:
        samples: in order; one a second, or the peak of each span where there are more
            than were asked for.
        totals: peaks and totals so far, or those of the exit record.
    """

    samples: tuple[Sample, ...] = ()
    totals: Totals = msgspec.field(default_factory=Totals)
