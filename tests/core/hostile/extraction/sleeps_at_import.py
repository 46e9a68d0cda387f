"""Sleeps for longer than a probe may take."""

import argparse
import time

time.sleep(30)
parser = argparse.ArgumentParser()
parser.add_argument("--x")
if __name__ == "__main__":
    parser.parse_args()
