"""Options that look like negative numbers, so that numbers look like options."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="negative_options")
    parser.add_argument("-1", dest="one", action="store_true")
    parser.add_argument("-2", dest="two", type=float)
    parser.add_argument("--range", nargs=2, type=float)
    parser.add_argument("--at", nargs="?", type=float, const=0.5)
    parser.add_argument("x", type=float, nargs="*")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
