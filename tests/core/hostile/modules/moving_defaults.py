"""Defaults that are others at every start."""

from __future__ import annotations

import argparse
import datetime
import os


def build_parser() -> argparse.ArgumentParser:
    now = datetime.datetime.now()  # noqa: DTZ005 - as most modules do
    parser = argparse.ArgumentParser(prog="moving_defaults")
    parser.add_argument("--at", default=now.isoformat())
    parser.add_argument("--stamp", type=float, default=now.timestamp())
    parser.add_argument("--day", type=datetime.date.fromisoformat, default=now.date())
    parser.add_argument("--folder", default=os.getcwd())  # noqa: PTH109 - likewise
    parser.add_argument("--year", type=int, default=now.year)
    parser.add_argument("name", nargs="?", default=str(os.getpid()))
    parser.add_argument("more", nargs="?")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
