"""Starts threads that never end."""

import argparse
import threading

for daemon in (True, False):
    threading.Thread(target=threading.Event().wait, daemon=daemon).start()
parser = argparse.ArgumentParser()
parser.add_argument("--x", nargs="+", metavar="X")
parser.parse_args()
