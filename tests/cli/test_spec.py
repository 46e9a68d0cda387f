"""``opsdash spec MODULE``: what its own parser takes."""

from __future__ import annotations

import argparse


def test_the_json_is_the_spec_with_every_field(terminal) -> None:
    spec = terminal.json("spec", "runners.echo", "--json")
    arguments = {one["id"]: one for one in spec["parser"]["arguments"]}
    assert spec["module"] == "runners.echo"
    assert arguments["--count"]["option_strings"] == ["--count"]
    assert arguments["--count"]["default"] == 1
    assert arguments["--count"]["choices"] is None
    assert arguments["--deaf"]["action"] == "store_true"
    assert spec["parser"]["commands"] is None
    assert arguments["--help"]["default"] == argparse.SUPPRESS


def test_the_table_names_types_defaults_and_help(terminal) -> None:
    shown = terminal("spec", "runners.echo").stdout
    row = next(line for line in shown.splitlines() if line.startswith("--count"))
    assert row.split() == ["--count", "int", "1"]
    assert "ignore SIGTERM" in shown
    assert "SUPPRESS" not in shown


def test_subcommands_are_shown_below_their_parser(terminal) -> None:
    source = (
        "import argparse\np = argparse.ArgumentParser()\n"
        "s = p.add_subparsers(dest='what', required=True)\n"
        "q = s.add_parser('load', help='load a curve')\n"
        "q.add_argument('name')\np.parse_args()\n"
    )
    terminal.module("runners.nested", source)
    shown = terminal("spec", "runners.nested").stdout
    assert "load  load a curve" in shown
    assert "name" in shown


def test_a_module_without_a_parser_says_so(terminal) -> None:
    terminal.module("runners.plain", "print('hello')\n")
    done = terminal("spec", "runners.plain")
    assert done.returncode == 0
    assert "hello" not in done.stdout
