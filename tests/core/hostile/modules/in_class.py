"""A parser that an object holds."""

from __future__ import annotations

import argparse


class Command:
    """A command with its parser."""

    def __init__(self) -> None:
        self.parser = argparse.ArgumentParser(prog="in_class")
        self.parser.add_argument("-n", "--number", type=int, default=3)
        self.parser.add_argument("-f", "--factor", type=float, default=1)
        self.parser.add_argument("names", nargs="+")


def build_parser() -> argparse.ArgumentParser:
    return Command().parser


if __name__ == "__main__":
    print(build_parser().parse_args())
