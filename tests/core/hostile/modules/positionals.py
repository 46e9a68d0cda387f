"""Positionals of every kind, one behind the other."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="positionals")
    parser.add_argument("--opt", nargs="*")
    parser.add_argument("-q", action="store_true")
    parser.add_argument("one")
    parser.add_argument("two", nargs=2)
    parser.add_argument("maybe", nargs="?", default="own")
    parser.add_argument("some", nargs="*")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
