"""Shows its parser only where it is given something."""

import argparse
import sys

if len(sys.argv) < 2:
    sys.exit("give me something")
parser = argparse.ArgumentParser(allow_abbrev=False)
parser.add_argument("something")
parser.parse_args()
