"""What one launch shall do, how it is to end, and which fault is injected into it."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass
from typing import Any

Chunk = tuple[str, str, int, float]
"""Stream, kind (line, burst, binary), size, seconds to the next."""

FAULTS = {
    "none": 10,
    "supervisor killed at its start": 9,
    "supervisor killed in the middle": 9,
    "supervisor killed at the job's end": 9,
    "supervisor and adopters killed": 9,
    "job killed": 8,
    "orphan's job killed": 4,
    "all of a run killed at once": 5,
    "launcher killed": 8,
    "stopped": 5,
    "stopped by two at once": 6,
    "killed now": 4,
    "orphan stopped": 6,
    "paused": 5,
    "paused, supervisor killed": 5,
    "time limit": 3,
    "time limit of an orphan": 3,
}
"""Fault -> how often, in parts."""

STOPS = ("stopped", "stopped by two at once", "killed now", "orphan stopped")
ADOPTED = ("supervisor and adopters killed", "paused", "paused, supervisor killed")
LONG_S = 90.0
"""A job that only a fault ends."""

LIMIT_S = 1.0
"""The time limit of those that have one."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """One launch.

    Attributes:
        tag: its name, known to the ledger, the job and the judge.
        fault: what is injected, a key of ``FAULTS``.
        how: ``return``, ``exit``, ``raise``, ``_exit`` or ``signal``.
        code: the exit code, or the signal's number.
        chunks: what it prints.
        daemons: what it leaves running: ``child``, ``daemon``, ``bare``.
        deaf: whether it ignores SIGTERM.
        moment: when the fault comes, from 0 to 1 in its own window.
        again: how many adopters are killed too.
    """

    tag: str
    fault: str
    how: str
    code: int
    chunks: tuple[Chunk, ...]
    daemons: tuple[str, ...]
    deaf: bool
    moment: float
    again: int

    @property
    def is_endless(self) -> bool:
        """Whether nothing but a fault ends it."""
        return sum(pause_s for *_, pause_s in self.chunks) >= LONG_S

    @property
    def limits(self) -> dict[str, float]:
        """The limits that it is launched with."""
        return {"time_s": LIMIT_S} if self.fault.startswith("time limit") else {}

    def argument(self, ledger: str) -> dict[str, Any]:
        """What the job is told."""
        fields = ("how", "code", "chunks", "daemons", "deaf")
        told = {name: value for name, value in asdict(self).items() if name in fields}
        return {**told, "ledger": f"{ledger}/{self.tag}"}


def plans(count: int, dice: random.Random) -> list[Plan]:
    """So many random launches."""
    faults = dice.choices(list(FAULTS), list(FAULTS.values()), k=count)
    return [_plan(f"{number:06d}", fault, dice) for number, fault in enumerate(faults)]


def _plan(tag: str, fault: str, dice: random.Random) -> Plan:
    how, code = _ending(dice)
    return Plan(
        tag=tag,
        fault=fault,
        how=how,
        code=code,
        chunks=_chunks(fault, dice),
        daemons=_daemons(dice),
        deaf=fault in STOPS and dice.random() < 0.25,
        moment=dice.random(),
        again=dice.choice((1, 1, 2, 3)),
    )


def _ending(dice: random.Random) -> tuple[str, int]:
    how = dice.choices(("return", "exit", "raise", "_exit", "signal"), (3, 4, 2, 3, 2))[
        0
    ]
    codes = {
        "return": 0,
        "exit": dice.choice((0, 1, 2, 3, 75, 143, 255)),
        "raise": 1,
        "_exit": dice.choice((0, 1, 7, 42, 255)),
        "signal": dice.choice((9, 9, 10, 15, 34)),
    }
    return how, codes[how]


def _chunks(fault: str, dice: random.Random) -> tuple[Chunk, ...]:
    count = dice.randint(0, 6)
    chunks = [_chunk(dice) for _ in range(count)]
    endless = fault.startswith("time limit") or fault == "all of a run killed at once"
    endless |= fault in STOPS and dice.random() < 0.7
    endless |= fault in ("job killed", "orphan's job killed") and dice.random() < 0.7
    if endless:
        chunks.append(("out", "line", 5, LONG_S))
    elif fault in ADOPTED:
        chunks += [("out", "line", 9, 0.15)] * dice.randint(4, 20)
    return tuple(chunks)


def _chunk(dice: random.Random) -> Chunk:
    stream = dice.choice(("out", "err"))
    kind = dice.choices(("line", "burst", "binary"), (6, 2, 2))[0]
    size = {
        "line": dice.randint(0, 200),
        "burst": dice.randint(10, 3000),
        "binary": dice.choice((1, 300, 70_000)),
    }[kind]
    return stream, kind, size, dice.choice((0.0, 0.0, 0.01, 0.05, 0.2))


def _daemons(dice: random.Random) -> tuple[str, ...]:
    if dice.random() < 0.85:
        return ()
    return tuple(dice.choices(("child", "daemon", "bare"), k=dice.randint(1, 2)))
