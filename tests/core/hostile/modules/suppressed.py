"""What is not given is not in the namespace."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="suppressed", argument_default=argparse.SUPPRESS
    )
    parser.add_argument("--name")
    parser.add_argument("--on", action="store_true")
    parser.add_argument("--off", action="store_false", default=True)
    parser.add_argument("--size", type=int, default=7)
    parser.add_argument("-v", action="count")
    parser.add_argument("--add", action="append")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
