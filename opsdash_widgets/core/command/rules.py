"""How the generations of argparse differ in what they read.

A command line is laid out so that every generation reads it alike, wherever that can
be done; only where it cannot, the target's own generation decides.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_PLAIN_NUMBER = re.compile(r"-\d+$|-\d*\.\d+$")
_ANY_NUMBER = re.compile(r"-\.?\d")


class Rules(NamedTuple):
    """One generation of argparse.

    Attributes:
        name: the versions of Python that have it.
        strips_any: the first ``--`` among an argument's values is dropped, marker or
            not.
        strips_options: that is so for the values of options, too.
        defers: an optional positional waits for values behind the next option, ``--``
            may stand before a subcommand, and a token that could be two options is
            refused only where it is read as an option.
        pairs_take_options: an option of two values takes them also where they look
            like options.
        number: what looks like a negative number.
        intermixed: the module reads with ``parse_intermixed_args``.
    """

    name: str
    strips_any: bool = False
    strips_options: bool = False
    defers: bool = False
    pairs_take_options: bool = False
    number: re.Pattern[str] = _PLAIN_NUMBER
    intermixed: bool = False


OLD = Rules("3.8 to 3.12.3", strips_any=True, strips_options=True)
MIDDLE = Rules("3.13.0", strips_any=True)
NEW = Rules("3.12.8 and 3.13.1", defers=True, pairs_take_options=True)
NEWEST = NEW._replace(name="3.14", number=_ANY_NUMBER)

ALL = (OLD, MIDDLE, NEW, NEWEST)
INTERMIXED = tuple(rules._replace(intermixed=True) for rules in ALL)


def rules_of(version: str, *, intermixed: bool = False) -> tuple[Rules, ...]:
    """The generations that a version of Python may have; all where it is unknown."""
    plain = _rules_of(version)
    return tuple(rules._replace(intermixed=intermixed) for rules in plain)


def _rules_of(version: str) -> tuple[Rules, ...]:
    parts = [int(part) for part in re.findall(r"\d+", version)[:3]]
    if len(parts) < 2:
        return ALL
    number = (parts[0], parts[1], parts[2] if len(parts) > 2 else -1)
    if number < (3, 12, 0) or (3, 12, 0) <= number <= (3, 12, 3):
        return (OLD,)
    if number == (3, 13, 0):
        return (MIDDLE,)
    if number[:2] == (3, 12):
        return (NEW,) if number[2] >= 8 else (OLD, MIDDLE, NEW)
    if number[:2] == (3, 13):
        return (NEW, NEWEST) if number[2] >= 1 else (MIDDLE, NEW)
    return (NEW, NEWEST)
