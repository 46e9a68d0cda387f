"""A parser that raises instead of leaving."""

from __future__ import annotations

import argparse
import sys


def build_parser() -> argparse.ArgumentParser:
    more = {"exit_on_error": False} if sys.version_info >= (3, 9) else {}
    parser = argparse.ArgumentParser(prog="no_exit", **more)
    parser.add_argument("--count", type=int)
    parser.add_argument("--pair", nargs=2)
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
