"""Reads what stands on its standard input."""

import argparse
import sys

lines = sys.stdin.read().splitlines()
parser = argparse.ArgumentParser()
parser.add_argument("--line", choices=lines or ["none"])
parser.parse_args()
