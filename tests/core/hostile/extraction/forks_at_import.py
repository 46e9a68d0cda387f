"""Forks; both processes go on to the parser."""

import argparse
import os

child = os.fork()
parser = argparse.ArgumentParser()
parser.add_argument("--child" if child == 0 else "--parent")
parser.parse_args()
if child:
    os.waitpid(child, 0)
