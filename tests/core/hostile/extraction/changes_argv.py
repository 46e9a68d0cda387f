"""Puts another command line in the place of its own."""

import argparse
import sys

sys.argv = ["changed", "run", *sys.argv[1:]]
parser = argparse.ArgumentParser(prog="changed")
parser.add_argument("--config")
commands = parser.add_subparsers(dest="command")
commands.add_parser("run").add_argument("--fast", action="store_true")
commands.add_parser("stop", help=argparse.SUPPRESS)
parser.parse_args()
