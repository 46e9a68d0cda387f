"""A command and all of its own arguments, and an option that takes the rest."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="remainder")
    parser.add_argument("--env", action="append")
    parser.add_argument("--run", nargs=argparse.REMAINDER)
    parser.add_argument("program")
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
