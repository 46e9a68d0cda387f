"""A list of a parent right before a required subcommand."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument("--paths", nargs="+")
    parent.add_argument("--mark", nargs="?", const="here")
    parent.add_argument("--tone", default="plain")
    parser = argparse.ArgumentParser(prog="with_parents", parents=[parent])
    commands = parser.add_subparsers(dest="what")
    commands.required = True
    commands.add_parser("fit", parents=[parent]).add_argument("data", nargs="+")
    commands.add_parser("show").add_argument("--all", action="store_true")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
