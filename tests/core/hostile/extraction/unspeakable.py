"""Values that nobody can look at: they are told as far as that goes."""

import argparse


class Broken:
    def __repr__(self):
        raise RuntimeError("nobody may look at me")

    __str__ = __repr__

    @property
    def name(self):
        raise RuntimeError("nobody may ask my name")


class Endless:
    def __iter__(self):
        return self

    def __next__(self):
        return Broken()

    def __contains__(self, item):
        return False

    def __repr__(self):
        return "Endless()"


parser = argparse.ArgumentParser()
parser.add_argument("--broken", default=Broken(), help="is %(default)s")
parser.add_argument("--endless", choices=Endless(), metavar="E")
parser.add_argument("--last", type=int)
parser.parse_args()
