"""Numbers everywhere; -1 is one, -1e3 is none to an old argparse."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="plain_numbers")
    parser.add_argument("-s", "--shift", type=float, default=0)
    parser.add_argument("-r", type=float, nargs=2)
    parser.add_argument("--many", type=int, nargs="+", default=[1, 2])
    parser.add_argument("x", type=float)
    parser.add_argument("y", type=complex, nargs="?", default=1j)
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
