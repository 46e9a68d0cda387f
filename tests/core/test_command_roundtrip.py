"""What a form means comes back from the real parser, whatever parser and values are."""

from __future__ import annotations

import argparse
import contextlib
import io
import platform
import random
from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from opsdash_widgets.core.command import build
from opsdash_widgets.core.discovery.child.dump import parser_data
from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.model import FormValues, Kind, ModuleSpec, ParserSpec
from tests.roundtrip import tree
from tests.roundtrip.layouts import Layouts
from tests.roundtrip.own_parser.assign import Assigner, CannotDraw
from tests.roundtrip.own_parser.meaning import dests_of, namespace, shown
from tests.roundtrip.own_parser.texts import Texts
from tests.roundtrip.parsers import random_parser

BLIND = 25
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


class Drawn(NamedTuple):
    """A parser with values for it and the namespace that they mean."""

    parser: argparse.ArgumentParser
    spec: ModuleSpec
    form: dict[str, Any]
    meant: str


def drawn(seed: int, plain: float) -> Drawn:
    draw = random.Random(seed)
    parser = random_parser(draw)
    spec = spec_of(parser)
    assigner = Assigner(draw, Texts(draw), plain)
    try:
        form, meant = assigner.level(parser, tree(spec.parser))
        return Drawn(parser, spec, form, shown(namespace(meant), dests_of(parser)))
    except (CannotDraw, AttributeError, TypeError):
        # A count and a list that share a dest are at odds in argparse, too.
        assume(False)
        raise


def spec_of(parser: argparse.ArgumentParser) -> ModuleSpec:
    return ModuleSpec(
        module="random",
        kind=Kind.ARGPARSE,
        parser=msgspec.convert(parser_data(parser, []), ParserSpec),
        python=platform.python_version(),
    )


def read(parser: argparse.ArgumentParser, argv: list[str]) -> str | None:
    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
            return shown(parser.parse_args(argv), dests_of(parser))
    except (SystemExit, TypeError, AttributeError):
        return None


@settings(
    max_examples=1_000, deadline=None, suppress_health_check=QUIET, derandomize=True
)
@given(st.integers(0, 2**32), st.sampled_from([1.0, 0.8, 0.4, 0.0]))
def test_values_of_any_parser_come_back_or_are_refused_for_good_reason(
    seed: int, plain: float
) -> None:
    parser, spec, form, meant = drawn(seed, plain)
    argv, fields = built(spec, form)
    if argv is not None:
        assert read(parser, argv) == meant, (form, argv)
        return
    assert all(fields.values())
    for line in Layouts(spec.parser, seed).some(form, BLIND):
        assert read(parser, line) != meant, (form, line, fields)


def built(
    spec: ModuleSpec, form: dict[str, Any]
) -> tuple[list[str] | None, dict[str, str]]:
    try:
        return list(build(spec, msgspec.convert(form, FormValues)).argv), {}
    except ValuesError as error:
        return None, error.fields


def parser_of_everything() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="all")
    parser.add_argument("-s", "--single")
    parser.add_argument("-t")
    parser.add_argument("--each", action="append")
    parser.add_argument("--list", nargs="+")
    parser.add_argument("first")
    parser.add_argument("rest", nargs="*")
    return parser


TEXTS = st.text(
    st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8
).filter(lambda text: text != "--")


@settings(max_examples=500, deadline=None)
@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3), TEXTS, st.lists(TEXTS, max_size=3))
def test_any_text_at_all_comes_back(
    single: str, short: str, each: list[str], first: str, rest: list[str]
) -> None:
    values = {"--single": single, "-t": short, "--each": each, "first": first}
    parser = parser_of_everything()
    form = FormValues(values={**values, "rest": rest})
    space = parser.parse_args(list(build(spec_of(parser), form).argv))
    assert (space.single, space.t, space.each or []) == (single, short, each)
    assert (space.first, space.rest) == (first, rest)


@pytest.mark.parametrize(
    "text", ["-1", "-1e3", "-x", "--long", "", "a b", "@f", "=", "ü"]
)
@pytest.mark.parametrize("name", ["--single", "-t", "first"])
def test_a_hard_text_comes_back_alone(text: str, name: str) -> None:
    parser = parser_of_everything()
    form = FormValues(values={"first": "x", name: text})
    space = parser.parse_args(list(build(spec_of(parser), form).argv))
    assert {"--single": space.single, "-t": space.t, "first": space.first}[name] == text
