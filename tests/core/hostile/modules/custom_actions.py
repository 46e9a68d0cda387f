"""Actions of the module's own."""

from __future__ import annotations

import argparse


class Pairs(argparse.Action):
    """Reads ``name=value`` into a mapping."""

    def __call__(self, parser, namespace, values, option_string=None) -> None:  # type: ignore[no-untyped-def] # as argparse calls it
        known = dict(getattr(namespace, self.dest, None) or {})
        for text in values:
            name, _, value = text.partition("=")
            known[name] = value
        setattr(namespace, self.dest, known)


class Level(argparse.Action):
    """A flag that looks at the option string it was given by."""

    def __init__(self, option_strings, dest, **named) -> None:  # type: ignore[no-untyped-def] # as argparse calls it
        super().__init__(option_strings, dest, nargs=0, **named)

    def __call__(self, parser, namespace, values, option_string=None) -> None:  # type: ignore[no-untyped-def] # as argparse calls it
        setattr(namespace, self.dest, option_string)


class Upper(argparse._StoreAction):
    """Stores in capitals; its default it leaves as it is."""

    def __call__(self, parser, namespace, values, option_string=None) -> None:  # type: ignore[no-untyped-def] # as argparse calls it
        setattr(namespace, self.dest, values.upper())


class Twice(argparse._AppendAction):
    """Appends twice."""

    def __call__(self, parser, namespace, values, option_string=None) -> None:  # type: ignore[no-untyped-def] # as argparse calls it
        super().__call__(parser, namespace, values, option_string)
        super().__call__(parser, namespace, values, option_string)


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="custom_actions")
    parser.add_argument("-D", "--define", action=Pairs, nargs="+", default={})
    parser.add_argument("--quick", "--slow", dest="pace", action=Level)
    parser.add_argument("--shout", action=Upper, default="quiet")
    parser.add_argument("--twice", action=Twice)
    return parser


if __name__ == "__main__":
    print(build_parser().parse_args())
