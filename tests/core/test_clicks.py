"""click, typer and what derives from argparse: extraction and round trip."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.command import build, check_value
from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.model import (
    Argument,
    FormValues,
    Kind,
    ModuleSpec,
    ParserSpec,
)

HOSTILE = Path(__file__).parent / "hostile_clicks"
TEXTS = (
    "",
    " ",
    "-",
    "--",
    "-x",
    "--n=3",
    "=x",
    "-1",
    "-1e3",
    "a b",
    "a\nb",
    "é🎉",
    "'",
)


@cache
def spec_of(name: str) -> ModuleSpec:
    return discovery.probe_module(name, interpreter=sys.executable, cwd=HOSTILE)


def below(spec: ModuleSpec, *names: str) -> ParserSpec:
    parser = spec.parser
    for name in names:
        assert parser.commands is not None
        (parser,) = (c.parser for c in parser.commands.commands if c.name == name)
    return parser


def arguments(spec: ModuleSpec, *names: str) -> dict[str, Argument]:
    return {argument.id: argument for argument in below(spec, *names).arguments}


@pytest.fixture(autouse=True)
def _nothing_has_worked() -> Any:
    yield
    assert not list(HOSTILE.glob("worked"))


def test_commands_are_read_at_every_depth_also_those_that_are_loaded_late() -> None:
    spec = spec_of("everything")
    assert spec.kind is Kind.CLICK
    assert set(arguments(spec, "store", "copy")) >= {"--n", "--point", "many", "last"}
    lazy = below(spec, "lazy").commands
    assert lazy is not None
    (command,) = lazy.commands
    assert {command.name, *command.aliases} == {"alias", "arguments"}
    assert any("`missing` cannot be loaded" in warning for warning in spec.warnings)
    assert any("chained" in warning for warning in spec.warnings)


def test_a_flag_is_what_click_makes_of_it() -> None:
    top = arguments(spec_of("everything"))
    assert top["--verbose"].action == "count"
    assert top["--debug"].off_strings == ("--no-debug",)
    assert top["--colour"].option_strings == ("--colour", "-c", "--plain", "-p")
    assert top["--no-cache"].action == "store_false"
    assert (top["--lower"].action, top["--lower"].const) == ("store_const", "lower")
    assert top["--upper"].dest == top["--lower"].dest == "letters"


def test_a_type_tells_what_it_allows() -> None:
    copy = arguments(spec_of("everything"), "store", "copy")
    number = copy["--n"]
    assert (number.type_name, number.minimum, number.maximum) == ("int", 1, 10)
    assert (number.required, number.help) == (True, "How")
    assert copy["--share"].open_ends == ("maximum",)
    assert copy["--moved"].maximum is None
    assert copy["--when"].formats == ("%Y-%m-%d",)
    assert [choice.value for choice in copy["--mode"].choices or ()] == ["a", "b c"]
    assert [choice.value for choice in copy["--paint"].choices or ()] == ["RED", "BLUE"]
    assert copy["--paint"].default == "RED"
    assert (copy["--source"].path, copy["--source"].must_exist) == ("file", True)
    assert (copy["--target"].path, copy["--target"].must_exist) == ("file", False)
    assert copy["--level"].variables[:2] == ("LEVEL_A", "LEVEL_B")
    assert copy["--mode"].variables == ("DEMO_COPY_MODE",)
    assert copy["--made"].default is None
    assert copy["--hidden"].hidden


def test_an_option_whose_value_may_be_left_out_is_told_from_a_flag() -> None:
    optional = arguments(spec_of("everything"), "optional")
    assert (optional["--optional"].nargs, optional["--optional"].const) == ("?", "bare")
    assert (optional["--several"].action, optional["--several"].nargs) == (
        "append",
        "?",
    )


def test_typer_tells_its_panels_and_the_values_of_its_enums() -> None:
    spec = spec_of("typed")
    work = arguments(spec, "work")
    assert spec.kind is Kind.TYPER
    assert [choice.value for choice in work["--kind"].choices or ()] == ["ONE", "t w o"]
    assert work["--kind"].default == "ONE"
    assert (work["--paths"].minimum, work["--paths"].maximum) == (1, 9)
    assert work["--folder"].path == "folder"
    assert work["--when"].formats == ("%Y-%m-%d",)
    assert work["--either"].default is None
    assert work["files"].nargs == "*"
    titles = {group.title: group.arguments for group in below(spec, "work").groups}
    assert titles["Size"] == ("--paths",)


def test_configargparse_tells_that_its_values_may_come_from_elsewhere() -> None:
    spec = spec_of("settings")
    found = arguments(spec)
    assert spec.kind is Kind.ARGPARSE
    assert found["--genome"].variables == ("GENOME",)
    assert found["--genome"].required
    line = build(spec, FormValues(values={"files": ["-x"], "--tags": ["a"]}))
    assert line.argv[-2:] == ("--", "-x")


def test_jsonargparse_tells_its_nested_names_and_what_is_required() -> None:
    spec = spec_of("hinted")
    assert arguments(spec)["--model.paths"].annotation == "int"
    assert spec.parser.commands is not None
    assert spec.parser.commands.required
    assert arguments(spec, "one")["place"].required


OTHERS = {
    "fire": "import fire\nif __name__ == '__main__':\n    fire.Fire(print)\n",
    "docopt": "from docopt import docopt\nif __name__ == '__main__':\n    docopt('')\n",
    "absl.flags": "from absl import app, flags\napp.run(print)\n",
    "optparse": "import optparse\noptparse.OptionParser().parse_args()\n",
    "getopt": "import getopt, sys\ngetopt.getopt(sys.argv[1:], 'h')\n",
    "plumbum.cli": "from plumbum import cli\nclass A(cli.Application): ...\nA.run()\n",
}


@pytest.mark.parametrize("library", OTHERS)
def test_what_reads_its_arguments_by_other_means_is_not_run_and_says_so(
    library: str, tmp_path: Path
) -> None:
    (tmp_path / "other.py").write_text(OTHERS[library] + "open('worked', 'w')\n")
    spec = discovery.probe_module("other", interpreter=sys.executable, cwd=tmp_path)
    assert spec.kind is (Kind.FIRE if library == "fire" else Kind.PLAIN)
    assert any("by hand" in warning for warning in spec.warnings)
    assert not (tmp_path / "worked").exists()


# Round trip: what click reads is what was meant.


def one_value(argument: Argument, chance: random.Random) -> str:
    if argument.choices:
        return chance.choice(argument.choices).value
    if argument.type_name == "float":
        return str(chance.random())
    if argument.type_name == "int":
        return str(chance.randint(int(argument.minimum or -9), 1))
    return chance.choice(TEXTS)


def value_of(argument: Argument, chance: random.Random) -> Any:
    def one() -> Any:
        if argument.nargs == "?" and argument.option_strings and chance.random() < 0.3:
            return {"bare": True}
        if argument.nargs in (None, "?"):
            return one_value(argument, chance)
        number = argument.nargs
        count = number if isinstance(number, int) else chance.randint(1, 3)
        return [one_value(argument, chance) for _ in range(count)]

    if argument.action in ("count", "append_const"):
        return chance.randint(1, 3)
    if argument.action == "boolean_optional":
        return chance.random() < 0.5
    if argument.action in ("store_true", "store_false", "store_const"):
        return True
    if argument.action == "append":
        return [one() for _ in range(chance.randint(1, 3))]
    return one()


def assignment(parser: ParserSpec, chance: random.Random) -> dict[str, Any]:
    share = chance.choice((0.1, 0.5, 1.0))
    values = {
        argument.id: value_of(argument, chance)
        for argument in parser.arguments
        if argument.action not in ("help", "version")
        and "completion" not in argument.id
        and (argument.required or argument.prompt or chance.random() < share)
    }
    tree: dict[str, Any] = {"values": values}
    if parser.commands is not None:
        command = chance.choice(parser.commands.commands)
        inner = assignment(command.parser, chance)
        tree["command"] = {"name": command.name, **inner}
    return tree


def meant(parser: ParserSpec, tree: dict[str, Any]) -> list[dict[str, Any]]:
    """What each command is to be given, for the parameters that were given."""
    known = {argument.id: argument for argument in parser.arguments}
    given = {known[i].dest: raw(known[i], v) for i, v in tree["values"].items()}
    chosen = tree.get("command")
    if chosen is None or parser.commands is None:
        return [given]
    (inner,) = (c for c in parser.commands.commands if c.name == chosen["name"])
    return [given, *meant(inner.parser, chosen)]


def raw(argument: Argument, value: Any) -> Any:
    if value is True and argument.action.startswith("store"):
        return argument.const
    if isinstance(value, dict):
        return argument.const
    if argument.action == "append":
        return [
            raw(argument, item) if isinstance(item, dict) else item for item in value
        ]
    return value


def read_back(name: str, lines: list[tuple[str, ...]]) -> list[list[dict[str, Any]]]:
    answer = subprocess.run(
        [sys.executable, HOSTILE / "read_back.py", HOSTILE, name],
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(answer.stdout)


@pytest.mark.parametrize("name", ["everything", "typed"])
def test_what_a_form_holds_is_what_click_reads(name: str) -> None:
    spec, chance = spec_of(name), random.Random(7)
    lines, wanted, refused = [], [], []
    for _ in range(400):
        tree = assignment(spec.parser, chance)
        try:
            line = build(spec, msgspec.convert(tree, FormValues))
        except ValuesError as error:
            refused += error.fields.values()
            continue
        lines.append(line.argv)
        wanted.append(meant(spec.parser, tree))
    for line, want, found in zip(lines, wanted, read_back(name, lines), strict=True):
        assert len(want) == len(found), line
        for given, params in zip(want, found, strict=True):
            assert {dest: params[dest] for dest in given} == given, line
    # Only what no command line can say is refused.
    said = ("takes no such value", "Give it too")
    assert all(any(part in text for part in said) for text in refused)
    assert len(lines) > 300


def test_a_value_that_click_would_take_for_an_option_is_refused_at_its_field() -> None:
    values = {"values": {}, "command": {"name": "optional"}}
    values["command"]["values"] = {"--optional": "-x"}
    with pytest.raises(ValuesError) as caught:
        build(spec_of("everything"), msgspec.convert(values, FormValues))
    assert list(caught.value.fields) == ["optional --optional"]


def test_what_it_would_ask_for_at_a_terminal_is_given_or_asked_for_here() -> None:
    spec = spec_of("everything")
    values = {"values": {}, "command": {"name": "asks", "values": {}}}
    with pytest.raises(ValuesError) as caught:
        build(spec, msgspec.convert(values, FormValues))
    assert list(caught.value.fields) == ["asks --passphrase"]
    values["command"]["values"] = {"--passphrase": "p"}
    line = build(spec, msgspec.convert(values, FormValues))
    assert line.argv == ("asks", "--passphrase=p", "--name=me")
    assert "--passphrase=p" not in line.masked


def test_a_default_that_is_given_is_written_for_a_variable_may_stand_above_it() -> None:
    values = {"values": {}, "command": {"name": "work"}}
    values["command"]["values"] = {"name": "n", "--key": "k"}
    line = build(spec_of("typed"), msgspec.convert(values, FormValues))
    assert line.argv == ("work", "--key=k", "--", "n")


def test_the_open_end_of_a_range_is_refused() -> None:
    share = arguments(spec_of("everything"), "store", "copy")["--share"]
    assert check_value(share, "0.99") is None
    assert check_value(share, "1") == "It must be less than 1."
