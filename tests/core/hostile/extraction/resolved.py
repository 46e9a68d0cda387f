"""Options that others replace, and one argument that stands there twice."""

import argparse

source = argparse.ArgumentParser(add_help=False)
source.add_argument("source", nargs="?")
common = argparse.ArgumentParser(add_help=False, parents=[source])
parser = argparse.ArgumentParser(
    parents=[source, common],
    conflict_handler="resolve",
    argument_default=argparse.SUPPRESS,
)
parser.add_argument("-o", "--output", "--out", default="here")
parser.add_argument("-o", "--only", help="replaces -o")
parser.add_argument("-h", action="store_true", help="replaces -h")
group = parser.add_argument_group("Group", "Nothing in it.")
titled = parser.add_argument_group(None, "No title.")
either = titled.add_mutually_exclusive_group(required=True)
either.add_argument("--one")
either.add_argument("--two", nargs="?", const=2)
parser.parse_args()
