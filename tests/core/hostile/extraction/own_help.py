"""Has a --help of its own, which is no help action."""

import argparse

parser = argparse.ArgumentParser(add_help=False, prog="own")
parser.add_argument("-h", "--help", action="store_true", help="show %(prog)s's help")
parser.add_argument("--depth", type=int, choices=range(3))
options = parser.parse_args()
if options.help:
    parser.print_help()
    raise SystemExit
