"""Subcommands that stand before and among positionals."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="commands_among")
    parser.add_argument("--deep", action="store_true")
    parser.add_argument("before", nargs="+")
    commands = parser.add_subparsers(dest="what")
    commands.required = True
    go = commands.add_parser("go")
    go.add_argument("--to")
    go.add_argument("names", nargs="*")
    stop = commands.add_parser("stop", prefix_chars="+")
    stop.add_argument("+now", action="store_true")
    parser.add_argument("after")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
