"""Series: ranges of days and numbers, and lists, from what a user writes."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsdash_widgets.core.sweeps import NotASeries
from opsdash_widgets.core.sweeps.days import steps
from opsdash_widgets.core.sweeps.numbers import numbers
from opsdash_widgets.core.sweeps.reading import read_series

TODAY = dt.date(2024, 6, 12)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1..10:2", ["1", "3", "5", "7", "9"]),
        ("1..4", ["1", "2", "3", "4"]),
        ("10..1:-3", ["10", "7", "4", "1"]),
        ("-2..2", ["-2", "-1", "0", "1", "2"]),
        ("5..5", ["5"]),
        ("0.1..0.5:0.1", ["0.1", "0.2", "0.3", "0.4", "0.5"]),
        ("1..2:0.25", ["1.00", "1.25", "1.50", "1.75", "2.00"]),
        ("1e-3..3e-3:1e-3", ["0.001", "0.002", "0.003"]),
        ("1..1000:x10", ["1", "10", "100", "1000"]),
        ("1..0.001:x0.1", ["1", "0.1", "0.01", "0.001"]),
        ("a,b,c", ["a", "b", "c"]),
        ("a , b", ["a", "b"]),
        ('"a,b",c', ["a,b", "c"]),
        ("'it''s',x", ["it's", "x"]),
        ('"",x', ["", "x"]),
        ("1..3,10,20..30:10", ["1", "2", "3", "10", "20", "30"]),
        ('"1..3",4', ["1..3", "4"]),
        ("../data,./x", ["../data", "./x"]),
        ("a..b", ["a..b"]),
        ("2024-01..2024-03", ["2024-01", "2024-02", "2024-03"]),
        ("20240101..20240103", ["20240101", "20240102", "20240103"]),
        ("20240105..20240108:B", ["20240105", "20240108"]),
        ("2020..2022", ["2020", "2021", "2022"]),
        (
            "2024-01-31..2024-04-30:M",
            ["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30"],
        ),
        ("2024-01-01..2024-03-31:ME", ["2024-01-31", "2024-02-29", "2024-03-31"]),
        ("2024-01-01..2024-03-31:BME", ["2024-01-31", "2024-02-29", "2024-03-29"]),
        (
            "2024-01-01..2024-12-31:QE",
            ["2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31"],
        ),
        (
            "2024-06-01..2024-09-30:BMS",
            ["2024-06-03", "2024-07-01", "2024-08-01", "2024-09-02"],
        ),
        ("2023-06-15..2025-06-15:Y", ["2023-06-15", "2024-06-15", "2025-06-15"]),
        (
            "2024-06-01..2024-06-30:W-FRI",
            ["2024-06-07", "2024-06-14", "2024-06-21", "2024-06-28"],
        ),
        ("2024-06-01..2024-06-15:2W", ["2024-06-01", "2024-06-15"]),
        ("t-1..today", ["2024-06-11", "2024-06-12"]),
        ("month_start..2024-06-04:b", ["2024-06-03", "2024-06-04"]),
        (
            "2024-01-01T09:00..2024-01-01T10:00:30min",
            ["2024-01-01T09:00", "2024-01-01T09:30", "2024-01-01T10:00"],
        ),
        ("[1, 0.10, true, null]", ["1", "0.10", True, None]),
        ('[["a", "b"], ["c"]]', [["a", "b"], ["c"]]),
    ],
)
def test_what_is_written_is_what_is_run(text: str, values: list[Any]) -> None:
    assert read_series(text, TODAY).values() == values


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("10..1", "ends before it begins"),
        ("1..10:-1", "leads away"),
        ("1..10:0", "cannot be 0"),
        ("1..10:abc", "no step between numbers"),
        ("1..10:a1", "no step between numbers"),
        ("1..x", "`x` is no number"),
        ("x..10", "`x` is no number"),
        ("1..", "nothing is no number"),
        ("0.1..0.5", "needs a step"),
        ("2024-01-01..", "nothing is no date"),
        ("2024-02-30..2024-03-01", "`2024-02-30` is no date"),
        ("2024-03-01..2024-01-01", "before it begins on 2024-03-01"),
        ("2024-01-06..2024-01-07:B", "no business days from 2024-01-06"),
        ("2024-01-01..2024-02-01:Z", "There is no step `Z`"),
        ("2024-01-01..2024-02-01:W-XYZ", "There is no step"),
        ("2024-01-01..2024-02-01:0D", "There is no step"),
        ("1..10:x1", "no factor"),
        ("1..10:x0.1", "never leads"),
        ("-1..10:x2", "never leads"),
        ("2024-01-01T09:00..2024-01-01T08:00:1h", "before it begins"),
        ("2024-01-01T09:00..2024-01-01T10:00", "a time and a step"),
        ("", "Write a range"),
        ("a,,b", "Between two commas"),
        ('"a', "is not closed"),
        ("[", "but is none"),
        ("[]", "empty list"),
        ("[" * 100_000, "nested too deeply|is none"),
    ],
)
def test_what_names_no_values_is_said_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(NotASeries, match=said) as caught:
        read_series(text, TODAY)
    assert str(caught.value)[-1] == "."


@given(
    first=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    days=st.integers(0, 400),
    number=st.integers(1, 7),
)
def test_business_days_are_those_that_one_would_count(
    first: dt.date, days: int, number: int
) -> None:
    last = first + dt.timedelta(days)
    walked = [first + dt.timedelta(n) for n in range(days + 1)]
    walked = [day for day in walked if day.weekday() < 5][::number]
    assert steps(first, last, f"{number}B").values() == walked


@given(
    first=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    days=st.integers(0, 1500),
    unit=st.sampled_from(["MS", "ME", "BMS", "BME", "QS", "QE", "YS", "YE", "BQE"]),
    number=st.integers(1, 3),
)
def test_days_of_a_month_are_those_that_one_would_find_by_looking(
    first: dt.date, days: int, unit: str, number: int
) -> None:
    last = first + dt.timedelta(days)
    walked = [first + dt.timedelta(n) for n in range(days + 1)]
    found = [day for day in walked if is_such(day, unit)][::number]
    assert steps(first, last, f"{number}{unit}").values() == found


def is_such(day: dt.date, unit: str) -> bool:
    """Whether a day is such a start or end, told by its neighbours."""
    way = 1 if unit.endswith("E") else -1
    beyond = day + dt.timedelta(way)
    if unit.startswith("B"):
        if day.weekday() > 4:
            return False
        while beyond.weekday() > 4:
            beyond += dt.timedelta(way)
    if beyond.month == day.month:
        return False
    month = day.month if way > 0 else day.month - 1
    every = {"Q": 3, "Y": 12}.get(unit.lstrip("B")[0], 1)
    return month % every == 0


@given(
    first=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    days=st.integers(0, 1500),
    number=st.integers(1, 14),
)
def test_months_keep_their_day_as_far_as_they_have_one(
    first: dt.date, days: int, number: int
) -> None:
    last = first + dt.timedelta(days)
    found = steps(first, last, f"{number}M").values()
    assert found[0] == first
    assert found == sorted(found)
    assert all(first <= day <= last for day in found)
    months = [day.year * 12 + day.month for day in found]
    assert all(b - a == number for a, b in itertools.pairwise(months))
    assert all(
        day.day == first.day or (day + dt.timedelta(1)).day == 1 for day in found
    )


@given(
    first=st.decimals(-1000, 1000, places=3),
    step=st.decimals(Decimal("0.001"), 10, places=3),
    count=st.integers(1, 50),
)
def test_decimals_are_exact(first: Decimal, step: Decimal, count: int) -> None:
    last = first + step * (count - 1)
    series = numbers(first, last, str(step))
    assert series.count == count
    assert [Decimal(text) for text in series.values()] == [
        first + step * place for place in range(count)
    ]


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    with contextlib.suppress(NotASeries):
        series = read_series(text, TODAY, dates=len(text) % 2 == 0)
        assert series.count >= 1
        series.at(0)
