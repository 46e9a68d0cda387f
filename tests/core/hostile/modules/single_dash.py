"""Long options with one dash, some of them the beginning of others."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="single_dash")
    parser.add_argument("-foo")
    parser.add_argument("-foobar", nargs="+")
    parser.add_argument("-f", nargs="?", const="F")
    parser.add_argument("-o", "-out", dest="out")
    parser.add_argument("-x=y", dest="odd")
    parser.add_argument("name", nargs="?")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
