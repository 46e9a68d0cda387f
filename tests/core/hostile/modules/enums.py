"""Members of an enumeration as values and as choices."""

from __future__ import annotations

import argparse
import enum


class Colour(enum.Enum):
    """By value."""

    RED = "red"
    GREEN = "green-ish"
    NONE = ""


class Mode(enum.IntEnum):
    """By number."""

    ONE = 1
    TWO = 2

    def __str__(self) -> str:
        return self.name


def _mode(text: str) -> Mode:
    return Mode[text]


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="enums")
    parser.add_argument("--colour", type=Colour, choices=list(Colour))
    parser.add_argument("--mode", type=_mode, choices=list(Mode), default=Mode.ONE)
    parser.add_argument("--shades", type=Colour, nargs="+", default=[Colour.RED])
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
