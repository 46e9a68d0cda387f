"""Sweeps: which runs some fields' values make, and what each run gets."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.model import (
    Argument,
    Choice,
    Command,
    CommandSet,
    FormValues,
    Kind,
    LaunchRequest,
    ModuleSpec,
    ParserSpec,
    SweepRequest,
)
from opsdash_widgets.core.sweeps import (
    SweepPlan,
    plan_sweep,
    sweep_options,
    view_sweep,
)

TODAY = dt.date(2024, 6, 12)  # a Wednesday

PARSER = ParserSpec(
    arguments=(
        Argument(
            id="--start-date", dest="start_date", option_strings=("--start-date",)
        ),
        Argument(id="--end-date", dest="end_date", option_strings=("--end-date",)),
        Argument(
            id="--vol",
            dest="vol",
            option_strings=("-v", "--vol"),
            type_name="float",
            type_known=True,
        ),
        Argument(
            id="--paths",
            dest="paths",
            option_strings=("--paths",),
            type_name="int",
            type_known=True,
        ),
        Argument(
            id="--method",
            dest="method",
            option_strings=("--method",),
            choices=(
                Choice(value="euler", label="euler"),
                Choice(value="milstein", label="milstein"),
            ),
        ),
        Argument(
            id="--fast", dest="fast", option_strings=("--fast",), action="store_true"
        ),
        Argument(
            id="--color",
            dest="color",
            option_strings=("--color", "--no-color"),
            action="boolean_optional",
        ),
        Argument(id="-d", dest="debug", option_strings=("-d",), action="count"),
        Argument(id="--tag", dest="tag", option_strings=("--tag",), action="append"),
        Argument(id="--pair", dest="pair", option_strings=("--pair",), nargs=2),
        Argument(id="--names", dest="names", option_strings=("--names",), nargs="+"),
        Argument(
            id="--password",
            dest="password",
            option_strings=("--password",),
            secret=True,
        ),
        Argument(
            id="--version",
            dest="version",
            option_strings=("--version",),
            action="version",
        ),
        Argument(id="symbol", dest="symbol"),
    ),
    commands=CommandSet(
        commands=(
            Command(
                name="build",
                aliases=("b",),
                parser=ParserSpec(
                    arguments=(
                        Argument(
                            id="--jobs",
                            dest="jobs",
                            option_strings=("--jobs",),
                            type_name="int",
                            type_known=True,
                        ),
                    )
                ),
            ),
        )
    ),
)
SPEC = ModuleSpec(module="desk.job", kind=Kind.ARGPARSE, parser=PARSER)


def plan(
    fields: dict[str, Any],
    *zips: tuple[str, ...],
    values: FormValues | None = None,
    spec: ModuleSpec = SPEC,
) -> SweepPlan:
    base = LaunchRequest(module=spec.module, values=values)
    return plan_sweep(spec, SweepRequest(base=base, fields=fields, zips=zips), TODAY)


def given_values(plan: SweepPlan) -> list[dict[str, Any]]:
    return [
        dict(request.values.values) for request in plan.requests() if request.values
    ]


def wrong(fields: dict[str, Any], *zips: tuple[str, ...]) -> dict[str, str]:
    with pytest.raises(ValuesError) as caught:
        plan(fields, *zips)
    return caught.value.fields


def test_several_fields_make_a_grid_in_which_the_last_changes_fastest() -> None:
    made = plan({"start_date": "2024-01-01..2024-01-02", "vol": "0.1,0.2"})
    assert made.count == 4
    assert [tuple(one.values()) for one in given_values(made)] == [
        ("2024-01-01", "0.1"),
        ("2024-01-01", "0.2"),
        ("2024-01-02", "0.1"),
        ("2024-01-02", "0.2"),
    ]
    assert made.paths == ("--start-date", "--vol")


def test_a_summary_counts_in_the_words_of_what_is_counted() -> None:
    made = plan({"start_date": "2024-01-01..2024-03-29:B", "vol": "0.1,0.2,0.3"})
    assert made.summary() == "65 business days \u00d7 3 vol = 195 runs"


def test_zipped_fields_go_together_and_the_rest_make_a_grid() -> None:
    fields = {
        "start_date": "2024-01-01..2024-03-31:MS",
        "vol": "0.1,0.2",
        "end_date": "2024-01-01..2024-03-31:ME",
    }
    made = plan(fields, ("start_date", "end_date"))
    assert made.count == 6
    first = given_values(made)[1]
    assert first == {
        "--start-date": "2024-01-01",
        "--vol": "0.2",
        "--end-date": "2024-01-31",
    }
    assert "start-date with end-date" in made.summary()


def test_a_linked_field_follows_another_and_is_no_axis() -> None:
    made = plan({"start_date": "2024-01-01..2024-01-03", "end_date": "{start_date}"})
    assert made.count == 3
    assert [one["--end-date"] for one in given_values(made)] == [
        "2024-01-01",
        "2024-01-02",
        "2024-01-03",
    ]
    made = plan(
        {
            "start_date": "2024-01-01,2024-01-02",
            "vol": "0.1",
            "symbol": "x_{start_date}_{vol}",
        }
    )
    assert given_values(made)[1]["symbol"] == "x_2024-01-02_0.1"


def test_braces_that_name_no_swept_field_stay_or_are_refused() -> None:
    assert given_values(plan({"symbol": "{x},{y}"}))[0] == {"symbol": "{x}"}
    assert "not swept" in wrong({"symbol": "{vol}"})["symbol"]
    chain = {"vol": "1,2", "symbol": "{vol}", "start_date": "{symbol}"}
    assert "not one that follows" in wrong(chain)["--start-date"]


@pytest.mark.parametrize(
    ("field", "asked", "values"),
    [
        ("fast", "true,false", [{"--fast": True}, {}]),
        ("color", "on,off", [{"--color": True}, {"--color": False}]),
        ("d", "0..2", [{"-d": 0}, {"-d": 1}, {"-d": 2}]),
        ("tag", "a,b", [{"--tag": ["a"]}, {"--tag": ["b"]}]),
        ("tag", '[["a","b"],["c"]]', [{"--tag": ["a", "b"]}, {"--tag": ["c"]}]),
        ("pair", "[[1,2],[3,4]]", [{"--pair": ["1", "2"]}, {"--pair": ["3", "4"]}]),
        ("names", "x,y", [{"--names": ["x"]}, {"--names": ["y"]}]),
        ("method", "*", [{"--method": "euler"}, {"--method": "milstein"}]),
        ("symbol", "AAPL,MSFT", [{"symbol": "AAPL"}, {"symbol": "MSFT"}]),
        ("vol", [0.1, None], [{"--vol": "0.1"}, {}]),
        ("--vol", ["0.1"], [{"--vol": "0.1"}]),
        ("v", ["0.1"], [{"--vol": "0.1"}]),
    ],
)
def test_each_kind_of_field_gets_values_of_its_shape(
    field: str, asked: Any, values: list[dict[str, Any]]
) -> None:
    assert given_values(plan({field: asked})) == values


@pytest.mark.parametrize(
    ("field", "asked", "path", "said"),
    [
        ("volatility", "1..2", "volatility", "has no argument `volatility`"),
        ("vols", "1..2", "vols", "Did you mean `vol`?"),
        ("paths", "1.5,2", "--paths", "`1.5` is not a whole number"),
        ("vol", "a,b", "--vol", "`a` is not a number"),
        ("method", "euler,heun", "--method", "`heun` is not one of"),
        ("password", "a,b", "--password", "secret cannot be swept"),
        ("version", "a,b", "--version", "only shows something"),
        ("fast", "1..3", "--fast", "neither true nor false"),
        ("d", "a,b", "-d", "no whole number"),
        ("pair", "1,2", "--pair", "JSON list of lists"),
        ("vol", "[[1,2]]", "--vol", "one value for each run"),
        ("vol", "", "--vol", "Write a range"),
        ("vol", [], "--vol", "nothing to run"),
        ("build jobz", "1..2", "build jobz", "has no argument"),
    ],
)
def test_what_cannot_be_swept_is_said_at_the_field(
    field: str, asked: Any, path: str, said: str
) -> None:
    assert said in wrong({field: asked})[path]


def test_a_field_of_a_subcommand_is_named_by_its_path_or_found_in_the_chosen_one() -> (
    None
):
    made = plan({"build --jobs": "1,2"})
    request = next(made.requests())
    assert request.values == FormValues(
        command=FormValues(name="build", values={"--jobs": "1"})
    )
    chosen = FormValues(command=FormValues(name="build"))
    assert plan({"jobs": "1,2"}, values=chosen).paths == ("build --jobs",)


def test_a_subcommand_that_is_not_chosen_is_not_swept() -> None:
    other = FormValues(command=FormValues(name="test"))
    made = plan({"build --jobs": "1,2"}, values=other)
    with pytest.raises(ValuesError, match="test is chosen"):
        list(made.requests())


def test_zips_that_do_not_fit_are_said_at_the_field() -> None:
    fields = {"start_date": "2024-01-01..2024-01-03", "vol": "1,2"}
    said = wrong(fields, ("start_date", "vol"))["--vol"]
    assert "--start-date has 3 and --vol has 2" in said
    assert "is zipped, but not swept" in wrong(fields, ("start_date", "paths"))[""]
    both = ("start_date", "vol")
    three = {"start_date": "1,2", "vol": "1,2", "paths": "1,2"}
    assert "zipped twice" in wrong(three, both, ("vol", "paths"))["--vol"]


def test_one_field_under_two_names_is_swept_once() -> None:
    assert "twice" in wrong({"vol": "1,2", "--vol": "3,4"})["--vol"]


def test_more_runs_than_anybody_can_look_at_are_refused_without_being_made() -> None:
    said = wrong({"paths": "1..1000000", "vol": "0..1:0.000001"})[""]
    assert "at most 10,000" in said
    assert "at most" in wrong({"paths": "1..1e300"})[""]


def test_nothing_swept_is_no_sweep() -> None:
    assert "Nothing is swept" in wrong({})[""]


def test_the_rest_of_the_form_holds_for_every_run() -> None:
    made = plan({"vol": "0.1,0.2"}, values=FormValues(values={"--paths": "5"}))
    assert [one["--paths"] for one in given_values(made)] == ["5", "5"]


def test_a_module_without_a_parser_is_swept_over_its_date_tokens() -> None:
    spec = ModuleSpec(module="desk.plain", kind=Kind.PLAIN)
    made = plan({"cob_date": "2024-01-05..2024-01-08:B"}, spec=spec)
    assert [request.extra_args for request in made.requests()] == [
        ("COB_DATE=2024-01-05",),
        ("COB_DATE=2024-01-08",),
    ]
    assert sweep_options(spec)[0].path == "COB_DATE"


def test_dates_are_written_as_the_module_wants_them() -> None:
    wants = Argument(
        id="--cob", dest="cob", option_strings=("--cob",), metavar="DD/MM/YYYY"
    )
    spec = ModuleSpec(
        module="m", kind=Kind.ARGPARSE, parser=ParserSpec(arguments=(wants,))
    )
    made = plan({"cob": "2024-01-31..2024-02-01"}, spec=spec)
    assert [one["--cob"] for one in given_values(made)] == ["31/01/2024", "01/02/2024"]
    made = plan({"cob": "31/01/2024..01/02/2024"}, spec=spec)
    assert [one["--cob"] for one in given_values(made)] == ["31/01/2024", "01/02/2024"]


def test_what_is_half_written_is_told_field_by_field() -> None:
    base = LaunchRequest(module="desk.job")
    fields = {"start_date": "2024-01-01..2024-03-29:B", "vol": "0.1,"}
    view = view_sweep(SPEC, SweepRequest(base=base, fields={**fields}), TODAY)
    first, second = view.fields
    assert (first.count, first.noun) == (65, "business days")
    assert (first.first, first.last) == ("2024-01-01", "2024-03-29")
    assert (second.count, view.count) == (1, 65)
    fields["vol"] = "0.1,x"
    view = view_sweep(SPEC, SweepRequest(base=base, fields={**fields}), TODAY)
    assert view.fields[1].error == "`x` is not a number."
    assert (view.count, view.error) == (0, "")


def test_fields_that_can_be_swept_are_offered_with_an_example() -> None:
    options = {option.path: option for option in sweep_options(SPEC, ("build",))}
    assert "--password" not in options
    assert "--version" not in options
    assert options["--start-date"].hint == "2024-01-01..2024-03-31:B"
    assert options["--method"].hint == "euler,milstein or * for all"
    assert options["build --jobs"].label == "build jobs"
