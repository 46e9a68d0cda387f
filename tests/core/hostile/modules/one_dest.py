"""Options that share a dest, and a subcommand that sets one of above."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="one_dest")
    parser.add_argument("--fast", dest="pace", action="store_const", const="fast")
    parser.add_argument("--slow", dest="pace", action="store_const", const="slow")
    parser.add_argument("--pace", dest="pace", default="own")
    parser.add_argument("--include", dest="rules", action="append")
    parser.add_argument("--exclude", dest="rules", action="append")
    parser.add_argument("--all", dest="rules", action="append_const", const="all")
    parser.add_argument("--quiet", dest="loud", action="store_false")
    parser.add_argument("--loud", dest="loud", action="store_true", default=True)
    below = parser.add_subparsers(dest="what").add_parser("go")
    below.add_argument("--pace", default="below")
    below.add_argument("--rules", nargs="*", default=["x"])
    below.set_defaults(loud="very")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
