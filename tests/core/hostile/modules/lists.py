"""Options that gather: append, extend, constants, counts, bare values."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="lists")
    parser.add_argument("-a", "--append", action="append", default=["own"])
    parser.add_argument("--pairs", action="append", nargs=2)
    parser.add_argument("--any", action="append", nargs="*")
    parser.add_argument("--bare", action="append", nargs="?", const="C")
    parser.add_argument("-e", "--extend", action="extend", nargs="+")
    parser.add_argument("--const", action="append_const", const=1)
    parser.add_argument("-v", action="count", default=2)
    parser.add_argument("files", nargs="*", action="extend")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
