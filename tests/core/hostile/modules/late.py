"""A parser that a function makes, called late, from arguments of its own."""

from __future__ import annotations

import argparse


def _add(parser: argparse.ArgumentParser, names: tuple) -> None:
    for name in names:
        parser.add_argument(f"--{name}", default=name, help=f"the {name} of %(prog)s")


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="late")
    for names in (("host", "port"), ("user", "home")):
        _add(parser, names)
    parser.add_argument("job")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
