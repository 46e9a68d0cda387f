"""A parser that is built in another module."""

from __future__ import annotations

from one_dest import build_parser

if __name__ == "__main__":
    print(build_parser().parse_args())
