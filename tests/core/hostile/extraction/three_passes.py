"""Parses three times, each time with more options, and works between."""

import argparse
import logging
import subprocess
import sys

first = argparse.ArgumentParser(add_help=False)
first.add_argument("--config", default=argparse.SUPPRESS)
_, left = first.parse_known_args()
logging.warning("looking for plugins")
subprocess.run([sys.executable, "-c", ""], check=False)
second = argparse.ArgumentParser(add_help=False, parents=[first])
second.add_argument("--plugin", action="append", default=[])
_, left = second.parse_known_args()
last = argparse.ArgumentParser(
    parents=[second],
    conflict_handler="resolve",
    formatter_class=argparse.ArgumentDefaultsHelpFormatter,
)
last.add_argument("--config", help="another one")
last.add_argument("part", choices=("major", "minor"))
last.parse_args()
