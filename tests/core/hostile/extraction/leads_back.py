"""A subcommand whose parser is the one above it."""

import argparse

parser = argparse.ArgumentParser()
commands = parser.add_subparsers()
commands.add_parser("on").add_argument("--x")
commands._name_parser_map["again"] = parser
parser.parse_args()
