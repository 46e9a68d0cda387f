"""Positionals that may all be left out."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="maybes")
    parser.add_argument("--flag", action="store_true")
    parser.add_argument("a", nargs="?", default="first")
    parser.add_argument("b", nargs="?", type=int, default=5)
    parser.add_argument("c", nargs="?")
    parser.add_argument("d", nargs="*", default=["x"])
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
