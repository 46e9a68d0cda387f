"""A parser class with methods of its own for nearly everything."""

import argparse
import sys


class Parser(argparse.ArgumentParser):
    def add_argument(self, *names, **options):
        options.setdefault("help", "undocumented")
        return super().add_argument(*names, **options)

    def parse_args(self, args=None, namespace=None):
        self.add_argument("--late")
        found, left = self.parse_known_args(args, namespace)
        if left:
            self.error(f"what is {left}?")
        return found

    def format_help(self):
        return "no help\n"

    def print_help(self, file=None):
        sys.stdout.write(self.format_help())

    def error(self, message):
        raise ValueError(message)


class Pair(argparse.Action):
    def __init__(self, option_strings, dest, **options):
        super().__init__(option_strings, dest, nargs=2, **options)

    def __call__(self, parser, namespace, values, option_string=None):
        raise RuntimeError("an action was run")


def main():
    parser = Parser(description="%(prog)s, 100%% sure", epilog="100%%")
    parser.register("action", "pair", Pair)
    parser.register("type", "number", float)
    parser.add_argument("--pair", action="pair", metavar=("KEY", "VALUE"))
    parser.add_argument("--number", type="number", default="1.5")
    parser.add_argument("--plain", action="store_const", const=object)
    parser.parse_args()


if __name__ == "__main__":
    main()
