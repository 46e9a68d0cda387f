"""The model of argparse reads what argparse reads."""

from __future__ import annotations

import argparse
import platform
import random
from typing import Any, NoReturn

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from opsdash_widgets.core.command.reading import Reader, Refused
from opsdash_widgets.core.command.rules import ALL, MIDDLE, NEW, NEWEST, OLD, rules_of
from opsdash_widgets.core.discovery.child.dump import parser_data
from opsdash_widgets.core.model import ParserSpec
from tests.roundtrip.own_parser.texts import NASTY
from tests.roundtrip.parsers import random_parser

Log = list[tuple[str, list[str]]]


def noting(parser: argparse.ArgumentParser, log: Log) -> None:
    """Let a parser only note which argument gets which texts."""
    ids = iter(msgspec.convert(parser_data(parser, []), ParserSpec).arguments)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            action.required = False
            for below in {id(one): one for one in action.choices.values()}.values():
                noting(below, log)
            continue
        action.type = action.choices = None
        action.default = argparse.SUPPRESS
        action.required = False
        action.__class__ = type("Noting", (_Noting,), {"log": log, "id": next(ids).id})
    parser._mutually_exclusive_groups.clear()
    parser.error = _refuse


def _refuse(message: str) -> NoReturn:
    raise Refused(message)


class _Noting(argparse.Action):
    log: Log
    id: str

    def __call__(
        self, parser: Any, space: Any, values: Any, option: Any = None
    ) -> None:
        texts = values if isinstance(values, list) else [values]
        if texts or self.option_strings:
            bare = self.nargs == "?" and values is self.const
            self.log.append((self.id, [] if bare else texts))


def really(parser: argparse.ArgumentParser, log: Log, argv: list[str]) -> Log | None:
    log.clear()
    try:
        parser.parse_args(argv)
    except Refused:
        return None
    return list(log)


def modelled(reader: Reader, argv: list[str]) -> Log | None:
    try:
        read = reader.read(argv, whole=False)
    except Refused:
        return None
    return [(one.id, list(one.texts)) for one in read if one.id]


def some_argv(draw: random.Random, parser: ParserSpec) -> list[str]:
    strings = _strings(parser)
    argv = []
    for _ in range(draw.randint(0, 7)):
        text = draw.choice(["a", "b", "run", "go", "--", *NASTY])
        if strings and draw.random() < 0.4:
            option = draw.choice(strings)
            text = draw.choice([option, option, option + "=" + text, option + text])
        argv.append(text)
    return argv


def _strings(parser: ParserSpec) -> list[str]:
    below = parser.commands.commands if parser.commands else ()
    own = [option for one in parser.arguments for option in one.option_strings]
    return own + [option for one in below for option in _strings(one.parser)]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_the_model_reads_as_this_pythons_argparse_does(seed: int) -> None:
    draw = random.Random(seed)
    parser = random_parser(draw)
    spec = msgspec.convert(parser_data(parser, []), ParserSpec)
    (rules, *_) = rules_of(platform.python_version())
    log: Log = []
    noting(parser, log)
    reader = Reader(spec, rules)
    for _ in range(8):
        argv = some_argv(draw, spec)
        assert modelled(reader, argv) == really(parser, log, argv), argv


def test_a_version_has_the_rules_of_its_generation() -> None:
    assert rules_of("3.8.18") == rules_of("3.12.1") == (OLD,)
    assert rules_of("3.13.0") == (MIDDLE,)
    assert rules_of("3.12.10") == (NEW,)
    assert rules_of("3.14.1") == (NEW, NEWEST)
    assert rules_of("") == ALL
