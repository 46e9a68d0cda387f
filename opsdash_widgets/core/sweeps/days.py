"""Steps from day to day, counted without being walked. Business days are Mon to Fri."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable

from .series import NotASeries, Series

Day = dt.date

STEPS = {
    "D": "days",
    "B": "business days",
    "W": "weeks",
    "M": "months",
    "MS": "month starts",
    "ME": "month ends",
    "BMS": "first business days of the month",
    "BME": "last business days of the month",
    "QS": "quarter starts",
    "QE": "quarter ends",
    "BQE": "last business days of the quarter",
    "Y": "years",
    "YS": "year starts",
    "YE": "year ends",
}
"""A step between dates -> what it counts; a number may stand before each: ``2W``."""

WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_STEP = re.compile(r"(\d*)([A-Z]+)(?:-([A-Z]{3}))?")
_LATEST = 12 * 9999 + 11


def steps(first: Day, last: Day, step: str) -> Series:
    """The days from the first on that a step leads to, the last one included.

    Raises:
        NotASeries: there is no such step.
    """
    found = _STEP.fullmatch(step.upper())
    unit = found[2] if found else ""
    weekday = found[3] if found else None
    number = int(found[1] or 1) if found else 0
    on_weekday = unit == "W" and weekday in WEEKDAYS
    if unit not in STEPS or not (on_weekday or weekday is None) or number < 1:
        known = ", ".join(STEPS)
        raise NotASeries(
            f"There is no step `{step}` between dates; there is {known}, and W-FRI and "
            "its like, each with a number before it (2W)."
        )
    if unit == "B":
        return _business(first, last, number)
    if unit in ("D", "W"):
        return _even(first, last, number * (7 if unit == "W" else 1), unit, weekday)
    return _monthly(first, last, unit, number)


def add_business_days(day: Day, count: int) -> Day:
    """So many business days later or earlier; from a weekend the first leaves it."""
    while count:
        day += dt.timedelta(1 if count > 0 else -1)
        if day.weekday() < 5:  # Saturday is 5
            count -= 1 if count > 0 else -1
    return day


def month_end(year: int, month: int) -> Day:
    """The last day of a month; months beyond 1 to 12 lie in other years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _even(first: Day, last: Day, days: int, unit: str, weekday: str | None) -> Series:
    if weekday is not None:
        first += dt.timedelta((WEEKDAYS.index(weekday) - first.weekday()) % 7)
    count = max(0, (last - first).days // days + 1)
    noun = _DAY_NAMES[weekday] if weekday else STEPS[unit]
    return Series(count, lambda place: first + dt.timedelta(days * place), noun)


_DAY_NAMES = {name[:3].upper(): f"{name}s" for name in calendar.day_name}


def _business(first: Day, last: Day, number: int) -> Series:
    start = _business_place(first, up=True)
    count = max(0, (_business_place(last, up=False) - start) // number + 1)

    def at(place: int) -> Day:
        week, day = divmod(start + number * place, 5)
        return dt.date.fromordinal(week * 7 + day + 1)

    return Series(count, at, STEPS["B"])


def _business_place(day: Day, *, up: bool) -> int:
    """The number of a business day, counted from Monday, 1 January of the year 1."""
    week, weekday = divmod(day.toordinal() - 1, 7)
    return week * 5 + (min(weekday, 5) if up else min(weekday, 4))


def _monthly(first: Day, last: Day, unit: str, number: int) -> Series:
    of_month, every = _day_of_month(unit, first), number * _MONTHS[unit[-2:]]
    begin = first.year * 12 + first.month - 1
    if unit[-2:] in _ANCHORS:
        begin += (_ANCHORS[unit[-2:]] - begin) % _MONTHS[unit[-2:]]
    if of_month(begin) < first:
        begin += _MONTHS[unit[-2:]]
    end = last.year * 12 + last.month - 1
    count = max(0, (end - begin) // every + 1)
    if count and of_month(begin + every * (count - 1)) > last:
        count -= 1
    return Series(count, lambda place: of_month(begin + every * place), STEPS[unit])


_MONTHS = {"M": 1, "MS": 1, "ME": 1, "QS": 3, "QE": 3, "Y": 12, "YS": 12, "YE": 12}
_ANCHORS = {"QS": 0, "QE": 2, "YS": 0, "YE": 11}
"""The first month of a year (from 0) that such a day lies in."""


def _day_of_month(unit: str, first: Day) -> Callable[[int], Day]:
    """Month (counted from the year 0) -> the day in it that the unit means."""

    def start(month: int) -> Day:
        return dt.date(min(month, _LATEST) // 12, min(month, _LATEST) % 12 + 1, 1)

    def end(month: int) -> Day:
        day = start(month)
        return month_end(day.year, day.month)

    def same(month: int) -> Day:
        return start(month).replace(day=min(first.day, end(month).day))

    def first_business(month: int) -> Day:
        day = start(month)
        return day + dt.timedelta((7 - day.weekday()) % 7 if day.weekday() > 4 else 0)

    def last_business(month: int) -> Day:
        day = end(month)
        return day - dt.timedelta(max(0, day.weekday() - 4))

    if unit.startswith("B"):
        return first_business if unit.endswith("S") else last_business
    if unit.endswith("S"):
        return start
    return end if unit.endswith("E") else same
