"""Arguments as on a command line, over the values of a preset."""

from __future__ import annotations

from typing import Any

import pytest

from opsdash_widgets.core.model import (
    Argument,
    Command,
    CommandSet,
    FormValues,
    Kind,
    ModuleSpec,
    ParserSpec,
    Preset,
)
from opsdash_widgets.core.presets import unmasked, with_arguments
from opsdash_widgets.core.redaction import MASK


def option(name: str, **fields: Any) -> Argument:
    return Argument(id=name, dest=name.strip("-"), option_strings=(name,), **fields)


def word(name: str, **fields: Any) -> Argument:
    return Argument(id=name, dest=name, **fields)


FIT = ParserSpec(arguments=(option("--depth"), option("--seed"), word("model")))
SPEC = ModuleSpec(
    module="m",
    kind=Kind.ARGPARSE,
    parser=ParserSpec(
        arguments=(
            option("--paths"),
            option("--seed"),
            option("--fast", action="store_true"),
            option("--plot", action="boolean_optional"),
            option("--dates", nargs="+"),
            option("--pair", nargs=2),
            option("--level", nargs="?"),
            option("--tag", action="append"),
            option("-v", action="count"),
            option("--rest", nargs="..."),
        ),
        commands=CommandSet(
            commands=(Command(name="fit", parser=FIT, aliases=("f",)),)
        ),
    ),
)


def over(argv: list[str], **values: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values and the further arguments that come out."""
    preset = Preset(name="p", module="m", values=FormValues(values=values))
    made = with_arguments(preset, argv, SPEC)
    return made.values.values, made.extra_args


@pytest.mark.parametrize(
    ("argv", "values"),
    [
        (["--paths", "5"], {"--paths": "5"}),
        (["--paths=5"], {"--paths": "5"}),
        (["--paths=-5"], {"--paths": "-5"}),
        (["--paths", "-5"], {"--paths": "-5"}),
        (["--paths="], {"--paths": ""}),
        (["--fast"], {"--fast": True}),
        (["--plot"], {"--plot": True}),
        (["--dates", "a", "b"], {"--dates": ["a", "b"]}),
        (["--dates", "a", "--fast"], {"--dates": ["a"], "--fast": True}),
        (["--pair", "a", "b"], {"--pair": ["a", "b"]}),
        (["--level"], {"--level": {"bare": True}}),
        (["--level", "3"], {"--level": "3"}),
        (["--tag", "a", "--tag=b"], {"--tag": ["a", "b"]}),
        (["--paths", "1", "--paths", "2"], {"--paths": "2"}),
    ],
)
def test_an_option_becomes_its_fields_value(
    argv: list[str], values: dict[str, Any]
) -> None:
    assert over(argv) == (values, ())


def test_an_option_takes_the_place_of_the_presets_value() -> None:
    values = {"--paths": "1", "--tag": ["old"], "--fast": True}
    argv = ["--paths=2", "--tag", "new"]
    assert over(argv, **values) == (
        {"--paths": "2", "--tag": ["new"], "--fast": True},
        (),
    )


@pytest.mark.parametrize(
    "argv",
    [
        ["-v"],
        ["-vv"],
        ["--unknown", "x"],
        ["--unknown=x"],
        ["--paths"],
        ["--pair", "a"],
        ["--dates", "--"],
        ["--rest", "a", "--paths", "5"],
        ["--", "--paths", "3"],
        ["-p5"],
    ],
)
def test_what_is_hard_to_read_is_left_as_it_stands(argv: list[str]) -> None:
    assert over(argv) == ({}, tuple(argv))


def test_a_subcommand_is_gone_down_to_by_its_name_or_alias() -> None:
    preset = Preset(name="p", module="m")
    argv = ["--paths=1", "f", "--depth", "3", "--seed=4", "linear", "more"]
    made = with_arguments(preset, argv, SPEC)
    assert made.values == FormValues(
        values={"--paths": "1"},
        command=FormValues(
            name="f", values={"--depth": "3", "--seed": "4", "model": "linear"}
        ),
    )
    assert made.extra_args == ("more",)


def test_the_presets_own_subcommand_gets_what_belongs_to_it() -> None:
    inner = FormValues(name="fit", values={"--depth": "1", "model": "linear"})
    preset = Preset(name="p", module="m", values=FormValues(command=inner))
    made = with_arguments(preset, ["--depth=2", "--paths", "9", "x"], SPEC)
    assert made.values.values == {"--paths": "9"}
    assert made.values.command == FormValues(
        name="fit", values={"--depth": "2", "model": "linear"}
    )
    assert made.extra_args == ("x",)


def test_masked_arguments_are_taken_out() -> None:
    argv = ["--a", "1", f"--key={MASK}", "--password", MASK, "end"]
    assert unmasked(argv) == ["--a", "1", "end"]
