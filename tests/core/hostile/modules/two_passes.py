"""A first parser takes what it knows, a second one all the rest."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    first = argparse.ArgumentParser(add_help=False)
    first.add_argument("--config", default="own")
    known, _ = first.parse_known_args()
    parser = argparse.ArgumentParser(prog="two_passes", parents=[first])
    parser.set_defaults(config=known.config)
    parser.add_argument("--level", choices=["low", "high"], default="low")
    parser.add_argument("rest", nargs="*")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
