"""Modules made to be hard to read: what is told is what their parsers are."""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import pytest

from opsdash_widgets.core import discovery
from opsdash_widgets.core.model import Argument, Kind, ModuleSpec
from tests.corpus.agreement import differences
from tests.corpus.truth import environment, truth

HOSTILE = Path(__file__).parent / "hostile"
NO_TRUTH = {
    "enums",  # its choices are members; a command line has their values
    "leads_back",  # a truth without end
    "moving_defaults",  # another one at every start
    "sleeps_at_import",
    "strange_values",  # what JSON cannot hold is looked at below
    "unspeakable",
    "with_parser",  # a library
}
MODULES = sorted(
    path.stem
    for part in ("modules", "extraction")
    for path in (HOSTILE / part).glob("*.py")
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All of them in one folder that is no git work tree."""
    made = tmp_path_factory.mktemp("hostile")
    for part in ("modules", "extraction"):
        shutil.copytree(HOSTILE / part, made, dirs_exist_ok=True)
    return made


def probe(folder: Path, name: str) -> ModuleSpec:
    return discovery.probe_module(
        name,
        interpreter=sys.executable,
        cwd=folder,
        variables=environment(str(folder)),
        timeout_s=25,
    )


@pytest.mark.parametrize("name", [name for name in MODULES if name not in NO_TRUTH])
def test_a_hard_parser_is_told_as_it_is_at_run_time(folder: Path, name: str) -> None:
    real = truth(name, sys.executable, str(folder))
    spec = probe(folder, name)
    assert spec.kind is Kind.ARGPARSE
    assert real is not None
    assert differences(real, spec.parser) == []


def test_a_module_that_sleeps_at_import_is_not_waited_for(folder: Path) -> None:
    spec = probe(folder, "sleeps_at_import")
    assert [a.id for a in spec.parser.arguments] == ["--help", "--x"]


@pytest.fixture(scope="module")
def strange(folder: Path) -> dict[str, Argument]:
    return {a.id: a for a in probe(folder, "strange_values").parser.arguments}


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("--nan", None, "nan"),
        ("--infinite", None, "-inf"),
        ("--bytes", None, r"b'\x00\xff'"),
        ("--huge", None, str(10**40)),
        ("--loud", None, "Loud()"),
        ("--object", None, "<object object at 0x0>"),
        ("--endless", None, "[[...]]"),
        ("--half", "half \\udcff", r"'half \udcff'"),
        ("--path", "/", "PosixPath('/')"),
        ("--decimal", "1.10", "Decimal('1.10')"),
        ("--hidden", None, repr(argparse.SUPPRESS)),
        ("--list", ["a", 1, None, 2.5], "['a', 1, None, 2.5]"),
        ("--tuple", ["a", "b"], "('a', 'b')"),
    ],
)
def test_a_default_that_is_hard_to_say_has_its_repr(
    strange: dict[str, Argument], name: str, value: object, shown: str
) -> None:
    assert strange[name].default == value
    assert strange[name].default_repr == shown


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("--partial", "functools.partial"),
        ("--callable", "strange_values.Converter"),
        ("--lambda", "strange_values.<lambda>"),
        ("--named", "strange_values.a whole number"),
        ("--method", "str.upper"),
        ("--class-method", "dict.fromkeys"),
        ("--output", "argparse.FileType"),
        ("--identity", "strange_values.<lambda>"),
        ("--path", "pathlib.Path"),
    ],
)
def test_a_type_is_named_by_what_it_is(
    strange: dict[str, Argument], name: str, kind: str
) -> None:
    assert strange[name].type_name == kind


def test_a_file_says_how_it_is_opened(strange: dict[str, Argument]) -> None:
    assert strange["--output"].file_mode == "wb"
    assert strange["--input"].file_mode == "r"
    assert strange["--path"].file_mode == ""


def test_choices_come_in_their_order(strange: dict[str, Argument]) -> None:
    def values(name: str) -> list[str]:
        return [choice.value for choice in strange[name].choices or ()]

    assert values("--dict") == ["a", "b"]
    assert values("--letters") == ["x", "y", "z"]
    assert values("--set") == ["1", "2", "3"]
    assert values("--generated") == ["p", "q", "r"]
    many = strange["--many"]
    assert (many.choices, many.choices_repr) == (None, "range(1, 65536)")
    assert (many.minimum, many.maximum) == (1, 65_535)


def test_help_is_expanded_where_argparse_can(strange: dict[str, Argument]) -> None:
    assert strange["--percent"].help == "100% of %(nothing)s"
    assert strange["--doubled"].help == "100% of doubled, int, 1, 2"
    raw = "100%% of %(dest)s, %(type)s, %(choices)s"
    assert strange["--doubled"].help_raw == raw


def test_a_default_that_depends_on_the_folder_is_that_of_a_launch(
    strange: dict[str, Argument], folder: Path
) -> None:
    assert strange["--cwd"].default == str(folder)
    assert strange["--cwd"].help == f"from {folder}"


def test_values_that_nobody_can_look_at_do_not_hide_the_others(folder: Path) -> None:
    arguments = {a.id: a for a in probe(folder, "unspeakable").parser.arguments}
    assert "Broken object at 0x0" in arguments["--broken"].default_repr
    assert arguments["--endless"].choices is None
    assert arguments["--endless"].choices_repr == "Endless()"
    assert arguments["--last"].type_name == "int"


def test_a_command_that_leads_back_to_its_parser_ends(folder: Path) -> None:
    spec = probe(folder, "leads_back")
    assert spec.parser.commands is not None
    assert [c.name for c in spec.parser.commands.commands] == ["on", "again"]
    assert any("leads back to itself" in warning for warning in spec.warnings)


def test_a_default_of_a_command_that_replaces_what_was_given_is_told(
    folder: Path,
) -> None:
    (warning,) = probe(folder, "three_levels").warnings
    assert warning.startswith("`-v/--verbose` does not count where a command follows")
    assert "`deep data get`, `deep data put`" in warning


INNER = """
from argparse import *
from .. import inner
class Tool:
    def run(self):
        self.parser = ArgumentParser()
        self.parser.add_argument("--relative", default=inner.NAME)
        return self.parser.parse_args()
"""
PLACES = {
    "names/part/tool.py": "import argparse as a\np = a.ArgumentParser()\n"
    "p.add_argument('--named'); p.parse_args()\n",
    "package/__init__.py": "print('imported')\n",
    "package/__main__.py": "from .inner.cli import Tool as T\nT().run()\n",
    "package/inner/__init__.py": "NAME = __name__\n",
    "package/inner/cli.py": INNER,
    "handing/__init__.py": "",
    "handing/on.py": "import argparse, unittest\n",
    "reexports.py": "from handing.on import argparse as parsing\n"
    "p = parsing.ArgumentParser(); p.add_argument('--handed')\n"
    "if __name__ == '__main__': p.parse_args()\n",
    "begins/__init__.py": "",
    "begins/__main__.py": "from . import begun\n",
    "begins/begun.py": "from argparse import ArgumentParser\n"
    "def main():\n p = ArgumentParser(); p.add_argument('--begun'); p.parse_args()\n"
    "main()\n",
    "src/archived/__init__.py": "",
    "src/archived/__main__.py": "import argparse\np = argparse.ArgumentParser()\n"
    "p.add_argument('--archived'); p.parse_args()\n",
}


@pytest.fixture
def places(tmp_path: Path) -> Path:
    for name, text in PLACES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.make_archive(str(tmp_path / "library"), "zip", tmp_path / "src")
    return tmp_path


@pytest.mark.parametrize(
    ("module", "argument"),
    [
        ("names.part.tool", "--named"),
        ("package", "--relative"),
        ("reexports", "--handed"),
        ("begins", "--begun"),
        ("archived", "--archived"),
    ],
)
def test_a_parser_is_found_wherever_its_module_lies(
    places: Path, module: str, argument: str
) -> None:
    spec = discovery.probe_module(
        module,
        interpreter=sys.executable,
        cwd=places,
        variables={"PYTHONPATH": "library.zip"},
    )
    assert spec.kind is Kind.ARGPARSE
    assert [a.id for a in spec.parser.arguments] == ["--help", argument]
