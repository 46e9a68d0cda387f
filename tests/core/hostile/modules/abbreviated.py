"""A subcommand's option could be two of those above it, shortened."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="abbreviated")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--version-name")
    below = parser.add_subparsers(dest="what").add_parser("go")
    below.add_argument("-e", "--ver")
    below.add_argument("--verb", action="store_true")
    below.add_argument("-b", dest="deep")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
