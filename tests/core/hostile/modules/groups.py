"""Groups of which one is required, with defaults."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="groups")
    needed = parser.add_mutually_exclusive_group(required=True)
    needed.add_argument("--count", type=int, default=5)
    needed.add_argument("--log", nargs="?")
    needed.add_argument("--name", default="own")
    needed.add_argument("word", nargs="?")
    other = parser.add_mutually_exclusive_group()
    other.add_argument("-q", action="store_true")
    other.add_argument("-v", action="count")
    parser.add_argument("--must", required=True, default="own")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
