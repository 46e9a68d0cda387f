"""One hard value at a time: its exact argv, or the field and the reason."""

from __future__ import annotations

import functools
import sys
from typing import Any

import msgspec
import pytest

from opsdash_widgets.core.command import build
from opsdash_widgets.core.discovery import probe_module
from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.model import FormValues, ModuleSpec

from . import FOLDER


@functools.cache
def spec_of(module: str) -> ModuleSpec:
    return probe_module(module, interpreter=sys.executable, cwd=FOLDER)


def argv(
    module: str, values: dict[str, Any], command: Any = None, python: str = ""
) -> list[str]:
    spec = spec_of(module)
    if python:
        spec = msgspec.structs.replace(spec, python=python)
    form = msgspec.convert({"values": values, "command": command}, FormValues)
    return list(build(spec, form).argv)


def go(name: str, **values: Any) -> dict[str, Any]:
    return {"name": name, "values": values}


@pytest.mark.parametrize(
    ("module", "values", "command", "wanted"),
    [
        ("late", {"job": "-x"}, None, ["--", "-x"]),
        ("late", {"job": "x"}, None, ["x"]),
        ("late", {"job": "", "--host": ""}, None, ["--host=", ""]),
        ("plain_numbers", {"x": "-1"}, None, ["-1"]),
        ("plain_numbers", {"x": "-1e3"}, None, ["--", "-1e3"]),
        ("plain_numbers", {"x": "1", "-r": ["-1", "2"]}, None, ["-r", "-1", "2", "1"]),
        ("negative_options", {"x": ["-3"]}, None, ["--", "-3"]),
        ("single_dash", {"-foo": "-x"}, None, ["-foo=-x"]),
        ("single_dash", {"-f": "oo"}, None, ["-f=oo"]),
        ("single_dash", {"-f": {"bare": True}, "name": "n"}, None, ["-f", "--", "n"]),
        ("no_abbrev", {"--input": "-in"}, None, ["--input=-in"]),
        ("plus_minus", {"++extra": ["a"], "--less": "+1"}, None, None),
        ("list_alone", {"--paths": ["a"]}, go("fit"), ["--paths=a", "fit"]),
        (
            "with_parents",
            {"--paths": ["a", "b"]},
            go("show"),
            ["--paths", "a", "b", "--tone=plain", "show"],
        ),
        ("pairs", {"--list": ["a", "b"]}, go("go"), None),
        ("maybes", {"c": "z"}, None, ["first", "5", "z"]),
        ("files", {"target": "o"}, None, ["-", "o"]),
        ("groups", {"--count": "5", "--must": "m"}, None, None),
        ("lists", {"-e": None, "files": [["-a"], ["b"]]}, None, ["--", "-a", "b"]),
        (
            "remainder",
            {"program": "ls", "arguments": ["-l", "--", "x"]},
            None,
            ["ls", "-l", "--", "x"],
        ),
        ("moving_defaults", {"--year": "2024"}, None, ["--year=2024"]),
        ("suppressed", {"--size": "7"}, None, []),
        ("suppressed", {"-v": 2, "--on": True}, None, ["--on", "-v", "-v"]),
    ],
)
def test_a_value_is_written_so(
    module: str, values: dict[str, Any], command: Any, wanted: list[str] | None
) -> None:
    values = {name: value for name, value in values.items() if value is not None}
    found = argv(module, values, command)
    if wanted is not None:
        assert found == wanted


@pytest.mark.parametrize(
    ("module", "values", "command", "field", "words"),
    [
        ("from_file", {"paths": ["@x"]}, None, "paths", "file of arguments"),
        ("from_file", {"--many": ["a", "@x"]}, None, "--many", "file of arguments"),
        ("from_file", {"--many": ["a", "-x"]}, None, "--many", "begins with a dash"),
        ("late", {"job": "x", "--host": "--"}, None, "--host", "`--` alone"),
        ("late", {"job": "a\0b"}, None, "job", "NUL"),
        ("list_alone", {"--paths": ["a", "b"]}, go("fit"), "--paths", "command `fit`"),
        ("remainder", {"program": "-1x"}, None, "", ""),
        ("maybes", {"d": []}, None, "d", "left out, it has its default"),
        ("moving_defaults", {"more": "x"}, None, "more", "`name` stands before it"),
        ("deep", {}, go("nosuch"), "command", "no command `nosuch`"),
        ("deep", {}, None, "command", "Choose a command"),
        (
            "deep",
            {},
            {"name": "d", "values": {"source": "s"}, "command": go("drop")},
            "data drop names",
            "required",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_at_its_field(
    module: str, values: dict[str, Any], command: Any, field: str, words: str
) -> None:
    if not words:
        assert argv(module, values, command)
        return
    with pytest.raises(ValuesError) as raised:
        argv(module, values, command)
    assert words in raised.value.fields[field]


@pytest.mark.parametrize(
    ("python", "wanted"),
    [("3.11.7", None), ("3.13.0", ["--host=--", "x"]), ("3.14.1", ["--host=--", "x"])],
)
def test_the_targets_own_argparse_decides_where_they_differ(
    python: str, wanted: list[str] | None
) -> None:
    values = {"job": "x", "--host": "--"}
    if wanted is None:
        with pytest.raises(ValuesError):
            argv("late", values, python=python)
    else:
        assert argv("late", values, python=python) == wanted
