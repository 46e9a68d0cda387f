"""Subcommands three levels deep, with aliases, some made late."""

import argparse
import sys

parser = argparse.ArgumentParser(prog="deep")
parser.add_argument("-v", "--verbose", action="store_true", default=None)
top = parser.add_subparsers(title="parts", description="Of it.", metavar="PART")
top.required = True
data = top.add_parser("data", aliases=["d", "dat"], help="about %(prog)s")
inner = data.add_subparsers(dest="data_command", help="what to do")
for name in ("get", "put"):
    made = inner.add_parser(name, description=f"To {name}.")
    made.add_argument("--verbose", action="store_true")
    last = made.add_subparsers(dest=f"{name}_how", required=False)
    last.add_parser("fast", aliases=["f"]).add_argument("--speed", type=int, default=9)
    last.add_parser("slow").set_defaults(verbose=False)
parser.set_defaults(run=print)
if len(sys.argv) > 0:
    top.add_parser("late", prefix_chars="+", add_help=False).add_argument("++x", "+y")
parser.parse_args()
