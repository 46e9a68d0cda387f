"""Options are not to be shortened; some are the beginning of others."""

from __future__ import annotations

import argparse


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="no_abbrev", allow_abbrev=False)
    parser.add_argument("--input")
    parser.add_argument("--input-file")
    parser.add_argument("--input-folder", nargs="+")
    parser.add_argument("-i", action="store_true")
    parser.add_argument("-in", dest="inner")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
