"""A parser without a help of its own."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="no_help", add_help=False)
    parser.add_argument("-h", "--host", default="localhost")
    parser.add_argument("--help-me", action="store_true")
    parser.add_argument("name")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
