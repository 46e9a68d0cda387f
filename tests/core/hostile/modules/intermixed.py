"""Positionals may stand among the options."""

from __future__ import annotations

import argparse


class _Parser(argparse.ArgumentParser):
    """Reads options and positionals in any order."""

    def parse_args(self, args=None, namespace=None):  # type: ignore[no-untyped-def] # as argparse has it
        if getattr(self, "_inside", False):
            return super().parse_args(args, namespace)
        self._inside = True
        try:
            return self.parse_intermixed_args(args, namespace)
        finally:
            self._inside = False


def build_parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="intermixed")
    parser.add_argument("--foo")
    parser.add_argument("--list", nargs="*")
    parser.add_argument("cmd")
    parser.add_argument("rest", nargs="*", type=int)
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
