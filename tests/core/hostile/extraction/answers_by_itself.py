"""Answers --help without a parser, and has one for everything else."""

import argparse
import sys

if set(sys.argv) & {"-h", "--help"}:
    print("usage: answers_by_itself …")
    sys.exit(0)
parser = argparse.ArgumentParser()
parser.add_argument("where", nargs="?")
known, rest = parser.parse_known_args()
parser.add_argument("--more", action="append")
parser.parse_args(rest)
