"""A parser that changes what it is given before it is converted."""

from __future__ import annotations

import argparse
import sys


class _Parser(argparse.ArgumentParser):
    """Takes the spaces off every value."""

    def _get_value(self, action, arg_string):  # type: ignore[no-untyped-def] # as argparse has it
        return super()._get_value(action, arg_string.strip())

    def parse_known_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def] # as argparse has it
        given = sys.argv[1:] if args is None else list(args)
        return super().parse_known_args([str(one) for one in given], namespace)


def build_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="own_values")
    parser.add_argument("--text")
    parser.add_argument("--size", type=int)
    parser.add_argument("words", nargs="*")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
