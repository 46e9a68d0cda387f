"""One measured figure and the bar it is held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a bench module's ``figures()`` returns, one per line of the table.

    Attributes:
        name: what was measured, in words.
        value: the median (or the ratio) that was measured, in ``unit``.
        unit: ``ms``, ``s``, ``x`` …
        target: the bar, in the same unit.
        better: which side of the bar is the good one.
        note: how many runs, the spread, what else is worth knowing.
    """

    name: str
    value: float
    unit: str
    target: float
    better: Literal["lower", "higher"] = "lower"
    note: str = ""

    @property
    def ok(self) -> bool:
        """Whether the figure meets its bar."""
        if self.better == "lower":
            return self.value <= self.target
        return self.value >= self.target
