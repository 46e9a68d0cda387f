"""What a form means comes back from the real parser, whatever the values are."""

from __future__ import annotations

import argparse
import contextlib
import io
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsdash_widgets.core.command import CommandLine, build
from opsdash_widgets.core.discovery.child.dump import parser_data
from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.model import FormValues, Kind, ModuleSpec, ParserSpec

NASTY = [
    "",
    " ",
    "-1",
    "-x",
    "--long",
    "-1e3",
    "a b",
    "a=b",
    "=",
    "'",
    '"',
    "ü\n",
    "@f",
]
TEXTS = st.one_of(
    st.sampled_from(NASTY),
    st.text(
        st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=6
    ),
).filter(lambda text: text != "--")
PLAIN_TEXTS = st.text("abcxyz01 =üß", min_size=1, max_size=5)
LISTS = {None: (1, 1), 2: (2, 2), 3: (3, 3), "+": (1, 3), "*": (0, 3)}


class Case:
    """One parser with values for it and the namespace that they mean."""

    def __init__(self) -> None:
        self.parser = argparse.ArgumentParser(prog="case")
        self.values: dict[str, Any] = {}
        self.meant: dict[str, Any] = {}

    def spec(self) -> ModuleSpec:
        data = parser_data(self.parser, [])
        parser = msgspec.convert(data, ParserSpec)
        return ModuleSpec(module="case", kind=Kind.ARGPARSE, parser=parser)


def _occurrence(draw: st.DrawFn, nargs: Any, texts: st.SearchStrategy[str]) -> Any:
    if nargs is None:
        return draw(texts)
    least, most = LISTS[nargs]
    return draw(st.lists(texts, min_size=least, max_size=most))


def _add_store(draw: st.DrawFn, case: Case, names: tuple[str, ...], dest: str) -> None:
    nargs = draw(st.sampled_from([None, None, 2, "+", "*"]))
    default = draw(st.none() | PLAIN_TEXTS) if nargs is None else None
    case.parser.add_argument(*names, dest=dest, nargs=nargs, default=default)
    case.meant[dest] = default
    if draw(st.booleans()):
        several = nargs not in (None,)
        value = _occurrence(draw, nargs, PLAIN_TEXTS if several else TEXTS)
        case.values[names[-1]] = value
        case.meant[dest] = value


def _add_append(draw: st.DrawFn, case: Case, names: tuple[str, ...], dest: str) -> None:
    nargs = draw(st.sampled_from([None, 2, "+"]))
    action = draw(st.sampled_from(["append", "extend"])) if nargs else "append"
    case.parser.add_argument(*names, dest=dest, nargs=nargs, action=action)
    uses = draw(
        st.lists(st.builds(lambda: 0), min_size=1, max_size=3).map(len)
        if draw(st.booleans())
        else st.just(0)
    )
    texts = TEXTS if nargs is None else PLAIN_TEXTS
    given_uses = [_occurrence(draw, nargs, texts) for _ in range(uses)]
    case.meant[dest] = None
    if given_uses:
        case.values[names[-1]] = given_uses
        flat = [item for use in given_uses for item in use]
        case.meant[dest] = flat if action == "extend" else given_uses


def _add_flag(draw: st.DrawFn, case: Case, names: tuple[str, ...], dest: str) -> None:
    action = draw(st.sampled_from(["store_true", "count", "store_const"]))
    extra = {"const": "K"} if action == "store_const" else {}
    case.parser.add_argument(*names, dest=dest, action=action, **extra)
    case.meant[dest] = case.parser.get_default(dest)
    if draw(st.booleans()):
        times = draw(st.integers(0, 3))
        case.values[names[-1]] = times if action == "count" else True
        answers = {"store_true": True, "store_const": "K", "count": times or None}
        case.meant[dest] = answers[action]


def _add_pair(draw: st.DrawFn, case: Case, names: tuple[str, ...], dest: str) -> None:
    default = draw(st.sampled_from([None, True, False]))
    long = (f"--{dest}",)
    action = argparse.BooleanOptionalAction
    case.parser.add_argument(*long, dest=dest, action=action, default=default)
    value = draw(st.sampled_from([None, True, False]))
    if value is not None:
        case.values[long[0]] = value
    case.meant[dest] = default if value is None else value


def _add_optional(
    draw: st.DrawFn, case: Case, names: tuple[str, ...], dest: str
) -> None:
    case.parser.add_argument(*names, dest=dest, nargs="?", const="C", default="D")
    value = draw(st.sampled_from([None, {"bare": True}]) | TEXTS)
    if value is not None:
        case.values[names[-1]] = value
    bare = isinstance(value, dict)
    case.meant[dest] = "C" if bare else "D" if value is None else value


ADDERS = (_add_store, _add_append, _add_flag, _add_pair, _add_optional)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    case = Case()
    for n, adder in enumerate(draw(st.lists(st.sampled_from(ADDERS), max_size=5))):
        letter = "abcde"[n]
        long, short = f"--opt{letter}", f"-{letter}"
        names = draw(st.sampled_from([(long,), (short,), (short, long)]))
        adder(draw, case, names, f"d{n}")
    for n, nargs in enumerate(
        draw(st.sampled_from([(), (None,), (None, 2), (2, "*")]))
    ):
        dest = f"p{n}"
        case.parser.add_argument(dest, nargs=nargs)
        value = _occurrence(draw, nargs, TEXTS)
        case.values[dest] = value
        case.meant[dest] = value
    return case


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases())
def test_the_real_parser_reads_back_what_the_form_means(case: Case) -> None:
    line = build(case.spec(), FormValues(values=case.values))
    assert vars(case.parser.parse_args(list(line.argv))) == case.meant
    assert line.masked == line.argv


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cases(), cases(), PLAIN_TEXTS.filter(str.isidentifier))
def test_a_subcommand_reads_back_or_is_refused_with_its_field(
    outer: Case, inner: Case, name: str
) -> None:
    commands = outer.parser.add_subparsers(dest="chosen")
    made = commands.add_parser(name)
    below = argparse.ArgumentParser(prog="case")
    for action in inner.parser._actions[1:]:
        action.dest = f"in_{action.dest}"
        below._add_action(action)
    made.__dict__.update(below.__dict__, prog="case")
    # A positional's id is its dest: the outer parser's `p0` is `in_p0` in the inner.
    values = {i if i.startswith("-") else f"in_{i}": v for i, v in inner.values.items()}
    form = FormValues(values=outer.values, command=FormValues(name=name, values=values))
    line = _built(outer, form)
    if isinstance(line, ValuesError):
        assert any(line.fields.values())
        return
    meant = {f"in_{dest}": value for dest, value in inner.meant.items()}
    read = _parsed(outer.parser, line.argv)
    assert read == {**outer.meant, **meant, "chosen": name}


@settings(max_examples=300, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=4), st.sampled_from(["+", "*", 2, "..."]))
def test_a_list_reads_back_or_is_refused_with_its_field(
    texts: list[str], nargs: Any
) -> None:
    case = Case()
    case.parser.add_argument("--list", nargs=nargs)
    case.parser.add_argument("--other")
    case.parser.add_argument("rest", nargs="*")
    form = FormValues(values={"--list": texts, "--other": "-x"})
    line = _built(case, form)
    if isinstance(line, ValuesError):
        assert set(line.fields) == {"--list"}
        return
    assert _parsed(case.parser, line.argv)["list"] == texts


def _built(case: Case, form: FormValues) -> CommandLine | ValuesError:
    try:
        return build(case.spec(), form)
    except ValuesError as error:
        return error


def _parsed(parser: argparse.ArgumentParser, argv: tuple[str, ...]) -> dict[str, Any]:
    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told):
            return vars(parser.parse_args(list(argv)))
    except SystemExit:
        raise AssertionError(f"refused {argv}: {told.getvalue()}") from None
