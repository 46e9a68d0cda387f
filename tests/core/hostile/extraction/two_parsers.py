"""Makes a small parser for something else before its own."""

import argparse

small = argparse.ArgumentParser(prog="small")
small.add_argument("--nothing")
small.parse_args([])
parser = argparse.ArgumentParser()
for number in range(5):
    parser.add_argument(f"--n{number}", type=float)
parser.parse_args()
