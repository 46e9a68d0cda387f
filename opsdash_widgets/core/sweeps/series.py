"""A series: values that are counted and read one by one without being written out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any


class NotASeries(Exception):
    """A text names no values; the message is the sentence for its field."""


@dataclass(frozen=True)
class Series:
    """Some values in order.

    Attributes:
        count: how many.
        at: the value at a place, from 0.
        noun: what they are, as a count of them is told: ``business days``; empty where
            they have no name of their own.
    """

    count: int
    at: Callable[[int], Any]
    noun: str = ""

    def values(self) -> list[Any]:
        """All of them."""
        return [self.at(place) for place in range(self.count)]


def listed(values: Sequence[Any]) -> Series:
    """A series of values that are there."""
    return Series(len(values), values.__getitem__)


def chained(parts: Sequence[Series]) -> Series:
    """One series after the other."""
    if len(parts) == 1:
        return parts[0]
    nouns = {part.noun for part in parts}

    def at(place: int) -> Any:
        for part in parts:
            if place < part.count:
                return part.at(place)
            place -= part.count
        raise IndexError(place)

    noun = nouns.pop() if len(nouns) == 1 else ""
    return Series(sum(part.count for part in parts), at, noun)
