"""Limits as people write them."""

from __future__ import annotations

import pytest

from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.model import check_limits, limit_text, parse_limit


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("15m", 900),
        ("15 min", 900),
        ("2h", 7200),
        ("1,5 h", 5400),
        ("1h30m", 5400),
        ("1:30:00", 5400),
        ("15:00", 900),
        ("1d", 86400),
        ("none", 0),
        ("", None),
    ],
)
def test_a_time_is_read_as_people_write_it(text: str, seconds: float | None) -> None:
    assert parse_limit("time_s", text) == seconds


@pytest.mark.parametrize(
    ("text", "mib"),
    [("512M", 512), ("2G", 2048), ("1.5 GiB", 1536), ("100", 100), ("1 TB", 1 << 20)],
)
def test_a_size_is_read_as_people_write_it(text: str, mib: float) -> None:
    assert parse_limit("memory", text) == mib


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("time_s", "soon"),
        ("time_s", "0.5"),
        ("time_s", "1h 3x"),
        ("memory_mib", "-5"),
        ("memory_mib", "2 apples"),
        ("log_mib", "1k"),
    ],
)
def test_what_is_no_limit_is_refused_at_its_name(name: str, text: str) -> None:
    with pytest.raises(ValuesError) as refused:
        parse_limit(name, text)
    assert list(refused.value.fields) == [name]
    assert str(refused.value).startswith(f"The {name.rpartition('_')[0]} limit ")


@pytest.mark.parametrize(
    "limits",
    [{"time": -1}, {"speed": 3}, {"memory_mib": float("nan")}, {"output_mib": True}],
)
def test_a_request_with_a_limit_that_is_none_is_refused(
    limits: dict[str, float],
) -> None:
    with pytest.raises(ValuesError):
        check_limits(limits)


def test_short_names_are_the_names_of_the_spec() -> None:
    assert check_limits({"time": 60, "log": 1}) == {"time_s": 60.0, "log_mib": 1.0}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("time_s", 5400, "1 h 30 min"),
        ("time_s", 90, "1 min 30 s"),
        ("memory_mib", 512, "512 MiB"),
        ("memory_mib", 1536, "1.5 GiB"),
        ("log_mib", 0.25, "256 KiB"),
    ],
)
def test_a_limit_is_shown_in_the_unit_that_fits(
    name: str, value: float, text: str
) -> None:
    assert limit_text(name, value) == text
