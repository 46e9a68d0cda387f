"""Help with percent signs, doubled and broken."""

from __future__ import annotations

import argparse
import sys


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="broken_help", epilog="100% sure")
    parser.add_argument("--share", type=float, default=0.5, help="100%% of %(default)s")
    if sys.version_info < (3, 14):  # from then on it is refused as it is added
        parser.add_argument("--odd", help="50% of it, %(nothing)s, %")
    parser.add_argument("x", metavar="X%")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
