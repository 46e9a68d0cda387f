"""A list right before a required subcommand, and nothing to stand between."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="list_alone", add_help=False)
    parser.add_argument("--paths", nargs="+")
    commands = parser.add_subparsers(dest="what")
    commands.required = True
    commands.add_parser("fit").add_argument("--fast", action="store_true")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
