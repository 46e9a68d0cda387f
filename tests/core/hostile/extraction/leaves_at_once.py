"""Leaves without saying good-bye."""

import argparse
import os

parser = argparse.ArgumentParser(add_help=False, exit_on_error=False)
parser.add_argument("--x", required=True)
try:
    parser.parse_known_args()
except (argparse.ArgumentError, SystemExit):
    os._exit(3)
