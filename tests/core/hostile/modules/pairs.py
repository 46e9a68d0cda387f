"""Boolean pairs, and one that is a class of its own."""

from __future__ import annotations

import argparse


class OnOff(argparse.Action):
    """``--x`` and ``--no-x``, as made for Pythons before 3.9."""

    def __init__(self, option_strings, dest, **named) -> None:  # type: ignore[no-untyped-def] # as argparse calls it
        off = ["--no-" + o[2:] for o in option_strings]
        super().__init__([*option_strings, *off], dest, nargs=0, **named)

    def __call__(self, parser, namespace, values, option_string=None) -> None:  # type: ignore[no-untyped-def] # as argparse calls it
        setattr(namespace, self.dest, not option_string.startswith("--no-"))


def build_parser() -> argparse.ArgumentParser:
    pair = getattr(argparse, "BooleanOptionalAction", OnOff)
    parser = argparse.ArgumentParser(prog="pairs")
    parser.add_argument("--cache", action=pair, default=True)
    parser.add_argument("--colour", action=pair)
    parser.add_argument("--own", action=OnOff, default=None)
    parser.add_argument("--list", nargs="+")
    parser.add_subparsers(dest="what").add_parser("go")
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
