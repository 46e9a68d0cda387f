"""Prints at import, bytes that are no UTF-8 among it, and closes a stream."""

import argparse
import sys

print("loading …", "x" * 100_000)
sys.stdout.buffer.write(b"\xff\xfe no text \x00\n")
sys.stdout.flush()
sys.stderr.close()
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=int, default=3, help="now %(default)s")
parser.parse_args()
