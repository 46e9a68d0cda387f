"""``opsdash argv MODULE --values FILE``: what the form would give."""

from __future__ import annotations

import json

import pytest


def test_values_from_a_file_become_arguments(terminal) -> None:
    values = {"values": {"--count": "5", "--deaf": True, "--out": ["a b", "-c"]}}
    (terminal.folder / "values.json").write_text(json.dumps(values))
    argv = terminal.json("argv", "runners.echo", "--values", "values.json")
    done = terminal("run", "runners.echo", "--", *argv)
    assert (done.returncode, done.stdout) == (0, "a b\n-c\n" * 5)


def test_values_are_read_from_standard_input(terminal) -> None:
    give = json.dumps({"values": {"--count": "5"}})
    done = terminal("argv", "runners.echo", "--values", "-", give=give)
    assert json.loads(done.stdout) in (["--count=5"], ["--count", "5"])


def test_values_of_a_subcommand_stand_under_command(terminal) -> None:
    source = (
        "import argparse\np = argparse.ArgumentParser()\n"
        "s = p.add_subparsers(dest='what')\nq = s.add_parser('load')\n"
        "q.add_argument('name')\np.parse_args()\n"
    )
    terminal.module("runners.nested", source)
    give = json.dumps({"command": {"name": "load", "values": {"name": "eod"}}})
    done = terminal("argv", "runners.nested", "--values", "-", give=give)
    assert [one for one in json.loads(done.stdout) if one != "--"] == ["load", "eod"]


@pytest.mark.parametrize(
    ("give", "words"),
    [
        ("{", "Standard input holds no values for a form"),
        ("[1]", "Standard input holds no values for a form"),
        ('{"--count": 5}', "'--count' is none of"),
        ('{"command": {"valeus": {}}}', "'valeus' is none of"),
        ('{"values": {"--count": "many"}}', "--count: "),
        ('{"values": {"--nonsense": "1"}}', "--nonsense"),
    ],
)
def test_values_that_make_no_arguments_are_refused(
    terminal, give: str, words: str
) -> None:
    done = terminal("argv", "runners.echo", "--values", "-", give=give)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr


def test_a_refusal_is_one_line_with_the_field_and_the_reason(terminal) -> None:
    give = json.dumps({"values": {"--count": "two\nlines"}})
    done = terminal("argv", "runners.echo", "--values", "-", give=give)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "--count: `two\\nlines` is not a whole number." in line


def test_bytes_that_are_no_text_pass_through(terminal) -> None:
    give = json.dumps({"values": {"--out": ["\udc80", "ü"]}})
    done = terminal("argv", "runners.echo", "--values", "-", give=give)
    assert json.loads(done.stdout) == ["--out=\udc80", "--out=ü"]


def test_a_file_that_is_not_there_is_refused(terminal) -> None:
    done = terminal("argv", "runners.echo", "--values", "no.json")
    assert done.returncode == 2
    assert "no.json cannot be read" in done.stderr
