from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from opsdash_widgets.core.command import (
    build,
    check_value,
    form_values,
    python_call,
    shell_line,
)
from opsdash_widgets.core.discovery.child.dump import parser_data
from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.model import (
    Argument,
    Choice,
    FormValues,
    Kind,
    ModuleSpec,
    ParserSpec,
)
from opsdash_widgets.core.redaction import MASK


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    return argparse.ArgumentParser(prog="m", fromfile_prefix_chars="@")


def spec_of(parser: argparse.ArgumentParser) -> ModuleSpec:
    data = parser_data(parser, [])
    return ModuleSpec(
        module="m", kind=Kind.ARGPARSE, parser=msgspec.convert(data, ParserSpec)
    )


def argv(parser: argparse.ArgumentParser, **values: Any) -> list[str]:
    named = {
        name.replace("__", "--").replace("_", "-"): v for name, v in values.items()
    }
    return list(build(spec_of(parser), FormValues(values=named)).argv)


def wrong(
    parser: argparse.ArgumentParser, values: dict[str, Any], **more: Any
) -> dict[str, str]:
    with pytest.raises(ValuesError) as raised:
        build(spec_of(parser), FormValues(values=values, **more))
    return raised.value.fields


def test_a_long_option_takes_any_value_after_an_equals_sign(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("-o", "--out")
    assert argv(parser, __out="-x y") == ["--out=-x y"]
    assert argv(parser, __out="") == ["--out="]
    assert argv(parser, __out="@file") == ["--out=@file"]


def test_a_short_option_takes_a_second_token_or_is_joined(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("-p")
    assert argv(parser, _p="x") == ["-p", "x"]
    assert argv(parser, _p="") == ["-p", ""]
    assert argv(parser, _p="-1e3") == ["-p-1e3"]
    assert argv(parser, _p="=x") == ["-p", "=x"]


def test_positionals_stand_behind_two_dashes(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("x")
    parser.add_argument("y", nargs="*")
    assert argv(parser, x="--out=z", y=["1", "-2"]) == ["--", "--out=z", "1", "-2"]


def test_defaults_are_left_out(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--f", type=float, default=0.5)
    parser.add_argument("--s", default="a")
    parser.add_argument("--l", nargs=2, default=["a", "b"])
    parser.add_argument("--untyped", default=5)
    line = argv(parser, __n="100", __f=0.50, __s="a", __l=["a", "b"], __untyped="5")
    # Without a type, `5` on the command line is a text and the default a number.
    assert line == ["--untyped=5"]


def test_a_default_is_written_where_leaving_it_out_means_something_else(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("--must", required=True, default="a")
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--one", default="own")
    group.add_argument("--two")
    parser.add_argument("--mode", default="slow")
    parser.add_argument("--fast", dest="mode", action="store_const", const="fast")
    line = argv(parser, __must="a", __one="own", __fast=True, __mode="slow")
    assert line == ["--must=a", "--one=own", "--fast", "--mode=slow"]


def test_flags_counts_pairs_and_bare_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--flag", action="store_true")
    parser.add_argument("-v", action="count")
    parser.add_argument("--pair", action=argparse.BooleanOptionalAction)
    parser.add_argument("--log", nargs="?", const="here")
    parser.add_argument("--add", action="append_const", const=1)
    line = argv(parser, __flag=True, _v=2, __pair=False, __log={"bare": True}, __add=2)
    assert line == ["--flag", "-v", "-v", "--no-pair", "--log", "--add", "--add"]
    assert argv(parser, __flag=False, _v=0, __log=None) == []


def test_occurrences_of_append_and_extend(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--one", action="append")
    parser.add_argument("--two", action="append", nargs=2)
    parser.add_argument("--many", action="extend", nargs="+")
    line = argv(
        parser, __one=["a", "-b"], __two=[["1", "2"], ["3", "4"]], __many=["x", "-y"]
    )
    assert line == [
        *("--one=a", "--one=-b"),
        *("--two", "1", "2", "--two", "3", "4"),
        *("--many=x", "--many=-y"),
    ]


def test_options_that_share_a_list_keep_the_order_of_the_values(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("--include", dest="rules", action="append")
    parser.add_argument("--other")
    parser.add_argument("--exclude", dest="rules", action="append")
    line = argv(parser, __exclude=["b"], __other="o", __include=["a"])
    assert line == ["--exclude=b", "--other=o", "--include=a"]


def test_a_list_before_a_subcommand_is_ended_by_another_option(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("--level", default="info")
    parser.add_argument("--list", nargs="+")
    parser.add_subparsers().add_parser("run").add_argument("x")
    below = FormValues(name="run", values={"x": "-1"})
    both = FormValues(values={"--list": ["a", "b"], "--level": "debug"}, command=below)
    assert build(spec_of(parser), both).argv == (
        *("--list", "a", "b", "--level=debug"),
        *("run", "-1"),
    )
    alone = FormValues(values={"--list": ["a", "b"]}, command=below)
    assert "--level=info" in build(spec_of(parser), alone).argv


def test_remainder_takes_all_that_is_left(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out")
    parser.add_argument("rest", nargs=argparse.REMAINDER)
    assert argv(parser, __out="o", rest=["a", "--b"]) == ["--out=o", "a", "--b"]
    assert "rest" in wrong(parser, {"rest": ["--b"]})


def test_an_earlier_positional_is_filled_in_with_its_default(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("x", nargs="?", default="first")
    parser.add_argument("y", nargs="?")
    assert argv(parser, y="second") == ["first", "second"]


def test_what_is_required_is_asked_for(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("x")
    parser.add_argument("many", nargs="*")
    parser.add_argument("--must", required=True)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--one")
    group.add_argument("--two")
    fields = wrong(parser, {})
    assert set(fields) == {"x", "--must", "--one"}
    assert fields["--one"] == "Give one of `--one`, `--two`."


def test_each_wrong_field_has_its_sentence(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--n", type=int)
    parser.add_argument("--f", type=float)
    parser.add_argument("--c", choices=["euler", "milstein"])
    parser.add_argument("--two", nargs=2)
    parser.add_argument("--flag", action="store_true")
    parser.add_argument("--when", type=datetime.date.fromisoformat)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--a")
    group.add_argument("--b")
    values = {
        "--n": "1.5",
        "--f": "",
        "--c": "eulr",
        "--two": ["x"],
        "--flag": "yes",
        "--a": "1",
        "--b": "2",
        "--when": "31.3.2024",
        "--zzzz": "1",
    }
    assert wrong(parser, values) == {
        "--n": "`1.5` is not a whole number.",
        "--f": "Give a number.",
        "--c": "`eulr` is not one of euler, milstein. Did you mean euler?",
        "--two": "Give exactly 2 values, not 1.",
        "--flag": "It is on or off: give true or false.",
        "--b": "`--a` and `--b` exclude each other: give one of them.",
        "--when": "`31.3.2024` is not a date such as 2024-03-28.",
        "--zzzz": "There is no argument `--zzzz`.",
    }


@pytest.mark.parametrize(
    ("identity", "value", "told"),
    [
        ("--one", "--", "`--` alone"),
        ("--one", "a\0b", "NUL"),
        ("--one", "\ud800", "half a character"),
        ("--one", "x" * 200_000, "200,000 bytes"),
        ("pos", ["@args"], "file of arguments"),
        ("--many", ["a", "-b"], "begins with a dash"),
        ("--one", ["a"], "one value, not several"),
        ("--one", {"bare": True}, "without a value"),
    ],
)
def test_a_value_that_no_command_line_can_hold_is_refused_at_its_field(
    parser: argparse.ArgumentParser, identity: str, value: Any, told: str
) -> None:
    parser.add_argument("--one")
    parser.add_argument("--many", nargs="+")
    parser.add_argument("pos", nargs="*")
    fields = wrong(parser, {identity: value})
    assert told in fields[identity]


def test_fields_of_a_subcommand_carry_its_name(
    parser: argparse.ArgumentParser,
) -> None:
    commands = parser.add_subparsers(required=True)
    commands.add_parser("build", aliases=["b"]).add_argument("--n", type=int)
    below = FormValues(name="b", values={"--n": "x"})
    assert set(wrong(parser, {}, command=below)) == {"build --n"}
    assert wrong(parser, {}) == {"command": "Choose a command: build."}
    other = wrong(parser, {}, command=FormValues(name="x"))
    assert other == {"command": "There is no command `x`: choose one of build."}


def test_secrets_are_masked_wherever_they_stand(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("--api-key")
    parser.add_argument("-p", dest="password")
    parser.add_argument("token")
    values = {"--api-key": "k=1", "-p": "-pw", "token": "t"}
    line = build(spec_of(parser), FormValues(values=values))
    assert line.argv == ("--api-key=k=1", "-p-pw", "t")
    assert line.masked == (f"--api-key={MASK}", f"-p{MASK}", MASK)
    assert line.secrets == ((0, "--api-key=k=1"), (1, "-p-pw"), (2, "t"))
    assert line.secret_values == ("k=1", "-pw", "t")
    assert "k=1" not in repr(line)


def test_extra_arguments_stand_where_the_parser_reads_them(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("x", nargs="*")
    form, spec = FormValues(values={"x": ["a"]}), spec_of(parser)
    assert build(spec, form, ["--more", "1"]).argv == ("--more", "1", "--", "a")
    assert build(spec, form, ["b"]).argv == ("--", "a", "b")


def test_an_option_of_a_name_that_others_begin_with_is_not_taken_for_them(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("--input-a")
    parser.add_argument("--input-b")
    parser.add_argument("--input")
    assert argv(parser, __input="x") == ["--input=x"]


def test_a_module_without_a_parser_gets_its_tokens_bare() -> None:
    tokens = tuple(
        Argument(id=name, dest=name, nargs="?") for name in ("START_DATE", "END_DATE")
    )
    spec = ModuleSpec(module="m", kind=Kind.PLAIN, parser=ParserSpec(arguments=tokens))
    both = FormValues(values={"START_DATE": "-1", "END_DATE": "2024-03-28"})
    assert build(spec, both, ["more"]).argv == ("-1", "2024-03-28", "more")
    with pytest.raises(ValuesError) as raised:
        build(spec, FormValues(values={"END_DATE": "2024-03-28"}))
    assert set(raised.value.fields) == {"START_DATE"}


def test_values_of_python_become_the_texts_a_shell_would_give(
    parser: argparse.ArgumentParser,
) -> None:
    parser.add_argument("--n", type=int)
    parser.add_argument("--when")
    parser.add_argument("--path")
    line = argv(
        parser, __n=200_000, __when=datetime.date(2024, 3, 28), __path=Path("a/b")
    )
    assert line == ["--n=200000", "--when=2024-03-28", "--path=a/b"]


def test_keywords_find_their_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-n", "--paths")
    parser.add_argument("--start-date", dest="begin")
    spec = spec_of(parser)
    wanted = {"--paths": "5", "--start-date": "x"}
    assert form_values(spec, {"paths": 5, "start_date": "x"}).values == wanted
    assert form_values(spec, {"n": 5, "begin": "x"}).values == wanted
    with pytest.raises(ValuesError, match="Did you mean `paths`"):
        form_values(spec, {"path": 1})


def test_check_value_tells_one_value_at_a_time() -> None:
    colour = Argument(
        id="c",
        dest="c",
        choices=tuple(Choice(value=str(n), label=str(n)) for n in range(20)),
        type_name="int",
    )
    assert check_value(colour, "07") is None
    told = check_value(colour, "99")
    assert told is not None
    assert told.startswith("`99` is not one of 0, 1, 2, 3, 4, 5, 6, 7 and 12 more.")
    year = Argument(id="y", dest="y", type_name="int", minimum=1, maximum=10)
    assert check_value(year, "11") == "`11` is more than the most allowed, 10."


def test_the_shell_line_can_be_pasted() -> None:
    line = shell_line("/usr/bin/python", "m", ["--x=a b", "it's"])
    assert line == """/usr/bin/python -m m '--x=a b' 'it'"'"'s'"""


def test_the_python_call_uses_keywords_where_it_can() -> None:
    values = FormValues(values={"--start-date": "2024-03-28", "x": ["a"]})
    assert python_call("m", values, ["--start-date=2024-03-28", "a"]) == (
        "ops.launch('m', start_date='2024-03-28', x=['a'])"
    )
    assert python_call("m", None, ["a"]) == "ops.launch('m', argv=['a'])"
    assert python_call("m") == "ops.launch('m')"
    asked = {"environment": "UAT", "limits": {"time_s": 60.0}}
    assert python_call("m", **asked) == (
        "ops.launch('m', environment='UAT', limits={'time_s': 60.0})"
    )


def test_the_python_call_never_shows_a_secret() -> None:
    values = FormValues(values={"--password": "hunter2"})
    call = python_call("m", values, [f"--password={MASK}"])
    assert "hunter2" not in call
