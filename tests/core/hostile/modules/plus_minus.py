"""Options that begin with a plus, and some that begin with both."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="plus_minus", prefix_chars="+-")
    parser.add_argument("+x", "++extra", nargs="*")
    parser.add_argument("-x", "--less")
    parser.add_argument("+v", action="count")
    parser.add_argument("-+odd", nargs="?", const="C")
    parser.add_argument("word", nargs="?", default="none")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
