"""Modules with an ``opsdash_form``, for the tests of what it refines."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

import msgspec

from opsdash_widgets.core import discovery
from opsdash_widgets.core.model import Argument, FieldForm, ModuleSpec, ParserSpec

PARSER = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument("--desk")
parser.add_argument("--key", default="hunter2", help="the key (%(default)s)")
parser.add_argument("--mode", choices=["a", "b", "c"])
parser.add_argument("-n", "--paths", type=int, default=10)
commands = parser.add_subparsers(dest="command")
build = commands.add_parser("build")
build.add_argument("--jobs", type=int)
build.add_argument("--key", dest="build_key")
if __name__ == "__main__":
    parser.parse_args()
    open("worked", "w").close()
"""


def probe(
    folder: Path,
    mapping: str,
    *,
    before: str = "",
    source: str = PARSER,
    name: str = "refined",
) -> ModuleSpec:
    """The spec of a module with that mapping."""
    text = f"opsdash_form = {mapping}\n" if mapping else ""
    path = folder / f"{name}.py"
    path.write_text(textwrap.dedent(before) + text + textwrap.dedent(source))
    return discovery.probe_module(name, interpreter=sys.executable, cwd=folder)


def argument(spec: ModuleSpec, identity: str) -> Argument:
    """An argument of the top parser."""
    return next(a for a in spec.parser.arguments if a.id == identity)


def form(spec: ModuleSpec, identity: str) -> FieldForm:
    """What the mapping says of an argument of the top parser."""
    found = argument(spec, identity).form
    assert found is not None
    return found


def bare(parser: ParserSpec) -> ParserSpec:
    """A parser without anything that a mapping may add."""
    arguments = tuple(msgspec.structs.replace(a, form=None) for a in parser.arguments)
    return msgspec.structs.replace(parser, arguments=arguments, form=None)
