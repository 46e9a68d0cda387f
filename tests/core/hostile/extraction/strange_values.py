"""Defaults, choices and converters that are hard to say."""

import argparse
import decimal
import functools
import os
import pathlib
import sys


class Loud:
    def __repr__(self):
        print("somebody looks at me")
        return "Loud()"


class Broken:
    def __repr__(self):
        raise RuntimeError("nobody may look at me")

    __str__ = __repr__


class Text(str):
    def __str__(self):
        raise RuntimeError("no text")


class Converter:
    def __call__(self, text):
        raise RuntimeError("a converter was run")


def named(text):
    raise RuntimeError("a converter was run")


named.__name__ = "a whole number"
endless = []
endless.append(endless)
parser = argparse.ArgumentParser()
add = parser.add_argument
add("--nan", type=float, default=float("nan"))
add("--infinite", default=float("-inf"))
add("--bytes", default=b"\x00\xff")
add("--huge", type=int, default=10**40)
add("--loud", default=Loud())
add("--object", default=object())
add("--endless", default=endless)
add("--half", default="half \udcff", help="half \udcff of 100%%")
add("--path", type=pathlib.Path, default=pathlib.Path("/"))
add("--decimal", type=decimal.Decimal, default=decimal.Decimal("1.10"))
add("--partial", type=functools.partial(int, base=16), default=255)
add("--callable", type=Converter())
add("--lambda", type=lambda text: text)
add("--named", type=named)
add("--method", type=str.upper)
add("--class-method", type=dict.fromkeys)
add("--cwd", default=os.getcwd(), help="from %(default)s")  # noqa: PTH109 - as modules do it
add("--variable", default=os.environ.get("HOME"))
add("--output", type=argparse.FileType("wb"), default=sys.stdout)
add("--input", type=argparse.FileType())
add("--dict", choices={"a": 1, "b": 2})
add("--letters", choices="xyz")
add("--set", type=int, choices={3, 1, 2})
add("--many", type=int, choices=range(1, 65_536))
add("--generated", choices=(letter for letter in "pqr"))
add("--identity", type=lambda identity: identity, dest="some where")
add("--metavars", nargs=2, metavar=("LEFT", "RIGHT"))
add("--percent", help="100% of %(nothing)s")
add(
    "--doubled",
    help="100%% of %(dest)s, %(type)s, %(choices)s",
    choices=[1, 2],
    type=int,
)
add("--hidden", help=argparse.SUPPRESS, default=argparse.SUPPRESS)
add("--list", nargs="*", default=["a", 1, None, 2.5])
add("--tuple", nargs=2, default=("a", "b"))
parser.parse_args()
