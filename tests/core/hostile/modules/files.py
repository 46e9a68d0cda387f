"""Files that are opened as the arguments are read."""

from __future__ import annotations

import argparse
import pathlib
import sys


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="files")
    parser.add_argument("--log", type=argparse.FileType("w"), default="-")
    parser.add_argument("--add", type=argparse.FileType("a", encoding="utf-8"))
    parser.add_argument("--into", type=pathlib.Path, default=pathlib.Path("out"))
    parser.add_argument(
        "source", nargs="?", type=argparse.FileType("r"), default=sys.stdin
    )
    parser.add_argument(
        "target", nargs="?", type=argparse.FileType("w"), default=sys.stdout
    )
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
