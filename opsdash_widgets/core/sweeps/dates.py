"""Dates as a range's ends name them, and as a module wants them written."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

from ..model import Argument
from .days import add_business_days, month_end

ISO = "%Y-%m-%d"
COMPACT = "%Y%m%d"
MONTH = "%Y-%m"

_NAMED_FORMATS = {
    "YYYY-MM-DD": ISO,
    "YYYYMMDD": COMPACT,
    "YYYY/MM/DD": "%Y/%m/%d",
    "DD/MM/YYYY": "%d/%m/%Y",
    "MM/DD/YYYY": "%m/%d/%Y",
    "DD.MM.YYYY": "%d.%m.%Y",
    "DD-MM-YYYY": "%d-%m-%Y",
}
"""How help texts name a format -> as ``strftime`` writes it; so does the form."""

_BUSINESS = re.compile(r"t\s*([+-]\s*\d{1,4})")
_SAYS_DATE = re.compile(r"(^|[^a-z])(date|day|cob|asof|as_of)s?([^a-z]|$)|yyyy")


class Moment(NamedTuple):
    """A day, and the format in which it was written (empty for a word)."""

    day: dt.date
    format: str = ""


def is_date(argument: Argument) -> bool:
    """Whether an argument's values are dates, as far as its description tells."""
    if argument.formats or (argument.form and argument.form.meaning == "date"):
        return True
    if argument.type_name in ("int", "float", "complex", "bool"):
        return False
    metavar = argument.metavar if isinstance(argument.metavar, str) else ""
    words = f"{argument.type_name} {argument.dest} {argument.id} {metavar}".lower()
    return _SAYS_DATE.search(words.replace("_", " ").replace("-", " ")) is not None


def format_of(argument: Argument) -> str:
    """The format in which a module wants its dates; empty where it names none."""
    for wanted in (ISO, *argument.formats):
        if wanted in argument.formats and "%H" not in wanted:
            return wanted
    metavar = argument.metavar if isinstance(argument.metavar, str) else ""
    said = f"{metavar} {argument.help or ''}"
    for name, code in (("YYYY", "%Y"), ("MM", "%m"), ("DD", "%d")):
        said = said.replace(code, name)
    named = (name for name in _NAMED_FORMATS if name in said.upper())
    return _NAMED_FORMATS.get(next(named, ""), "")


def read_date(text: str, today: dt.date, wanted: str = "") -> Moment | None:
    """The day that a text names: a word, ISO 8601, YYYYMMDD, YYYY-MM, or as wanted."""
    text = text.strip()
    day = word_day(text, today)
    if day is not None:
        return Moment(day)
    for form in (wanted, ISO, COMPACT, MONTH):
        day = _as(text, form)
        if day is not None:
            return Moment(day, form)
    return None


def write_date(day: dt.date, form: str) -> str:
    """A day in a format."""
    if day.year < 1000:  # glibc's %Y has no leading zeros
        form = form.replace("%Y", f"{day.year:04d}")
    return day.strftime(form)


def word_day(text: str, today: dt.date) -> dt.date | None:
    """The day that ``today``, ``t-1``, ``month_end`` and their like stand for.

    ``t-1`` is the last business day before today, as in the form.
    """
    word = text.strip().lower()
    found = _BUSINESS.fullmatch(word)
    if found:
        return add_business_days(today, int(found[1].replace(" ", "")))
    year, month = today.year, today.month
    quarter = month - (month - 1) % 3
    days = {
        "t": today,
        "today": today,
        "yesterday": today - dt.timedelta(1),
        "tomorrow": today + dt.timedelta(1),
        "month_start": today.replace(day=1),
        "month_end": month_end(year, month),
        "prev_month_start": month_end(year, month - 1).replace(day=1),
        "prev_month_end": month_end(year, month - 1),
        "quarter_start": dt.date(year, quarter, 1),
        "quarter_end": month_end(year, quarter + 2),
        "prev_quarter_end": month_end(year, quarter - 1),
        "year_start": dt.date(year, 1, 1),
        "year_end": dt.date(year, 12, 31),
        "prev_year_end": dt.date(year - 1, 12, 31),
    }
    return days.get(word)


def _as(text: str, form: str) -> dt.date | None:
    if not form:
        return None
    try:
        day = dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None
    # strptime takes `2024-1-5` and `2024115` too, which are not how dates are written.
    return day if write_date(day, form) == text else None
