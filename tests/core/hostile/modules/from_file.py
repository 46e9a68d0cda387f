"""Arguments that begin with an @ are read from a file of that name."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="from_file", fromfile_prefix_chars="@")
    parser.add_argument("-o", "--out")
    parser.add_argument("--many", nargs="+")
    parser.add_argument("--each", action="append")
    parser.add_argument("paths", nargs="*")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
