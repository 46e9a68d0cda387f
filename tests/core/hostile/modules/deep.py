"""Subcommands three levels deep, with aliases; the last may be left out."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deep")
    parser.add_argument("-v", "--verbose", action="count", default=0)
    parser.add_argument("--where", nargs="*")
    first = parser.add_subparsers(dest="first")
    first.required = True
    data = first.add_parser("data", aliases=["d", "dat"])
    data.add_argument("source")
    data.add_argument("--kinds", nargs="+", action="extend", default=["own"])
    second = data.add_subparsers(dest="second")
    load = second.add_parser("load", aliases=["l"])
    load.add_argument("-v", "--verbose", action="store_true")
    load.add_argument("names", nargs="*")
    third = load.add_subparsers(dest="third")
    third.add_parser("now").add_argument("--at", nargs="?", const="noon")
    third.add_parser("later").add_argument("days", type=int, nargs="+")
    second.add_parser("drop").add_argument("names", nargs=2)
    first.add_parser("list")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
