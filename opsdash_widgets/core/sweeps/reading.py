"""What is written for a swept field: ranges, lists, words, JSON."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import re
from typing import Any

from .dates import ISO, MONTH, Moment, read_date, word_day, write_date
from .days import month_end, steps
from .numbers import number_of, numbers
from .series import NotASeries, Series, chained, listed

RANGE = ".."
_QUOTES = "\"'"
_TIMED = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(?!\w))?")
_TIME_STEP = re.compile(r"(\d*)(s|min|h|D|W)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "D": 86400, "W": 7 * 86400}


def read_series(
    text: str, today: dt.date, *, dates: bool = False, written: str = ""
) -> Series:
    """The values that a text names.

    ``a,b,c`` is a list (quote what holds a comma), ``1..10:2`` and
    ``2024-01-01..2024-03-31:B`` are ranges, and each may stand in a list. What begins
    with ``[`` is a JSON list, in which one value may itself be a list.

    Args:
        text: what was written.
        today: what ``today`` means.
        dates: the field holds dates: ``today`` alone is a day too.
        written: how its module wants them written, as ``strftime`` says it; as they
            are given, where empty.

    Raises:
        NotASeries: it names no values; the message says why.
    """
    if text.strip().startswith("["):
        return listed(_json_list(text))
    parts = []
    for part, quoted in split_list(text):
        if not quoted and RANGE in part:
            found = _range(part, today, dates=dates, written=written)
            parts.append(found if found is not None else listed([part]))
        elif not quoted and dates and (day := word_day(part, today)):
            parts.append(listed([write_date(day, written or ISO)]))
        else:
            parts.append(listed([part]))
    return chained(parts)


def split_list(text: str) -> list[tuple[str, bool]]:
    """The items between commas, and whether each was quoted.

    Quotes may surround a whole item, or a part of it; what is doubled in them stands
    for itself, as in a CSV file.

    Raises:
        NotASeries: there is none, one is empty, or a quote is not closed.
    """
    items: list[tuple[str, bool]] = []
    item, quote, quoted, place = "", "", False, 0
    while place < len(text):
        letter = text[place]
        if quote and letter == quote and text[place + 1 : place + 2] == quote:
            item, place = item + quote, place + 1
        elif quote and letter == quote:
            quote = ""
        elif quote:
            item += letter
        elif letter in _QUOTES and not item.strip():
            item, quote, quoted = "", letter, True
        elif letter == ",":
            items.append((item if quoted else item.strip(), quoted))
            item, quoted = "", False
        elif not (quoted and letter.isspace()):
            item += letter
        place += 1
    if quote:
        raise NotASeries(f"A {quote} is not closed.")
    items.append((item if quoted else item.strip(), quoted))
    if len(items) > 1 and items[-1] == ("", False):  # a comma at the end
        items.pop()
    if ("", False) in items:
        raise NotASeries(
            "Write a range (1..10) or a list (a,b,c)."
            if len(items) == 1
            else 'Between two commas stands no value; write "" for an empty one.'
        )
    return items


def _json_list(text: str) -> list[Any]:
    try:
        found = json.loads(text, parse_float=str, parse_int=str)
    except ValueError as error:
        raise NotASeries(f"It begins as a JSON list, but is none: {error}.") from None
    except RecursionError:
        raise NotASeries("It is nested too deeply.") from None
    if not isinstance(found, list) or not found:
        raise NotASeries("It is an empty list: there is nothing to run.")
    return found


def _range(part: str, today: dt.date, *, dates: bool, written: str) -> Series | None:
    """A range, or None where neither end is a date or a number (``../data``)."""
    begin, _, rest = part.partition(RANGE)
    begin, rest = begin.strip(), rest.strip()
    if _TIMED.match(begin):
        return _times(begin, rest)
    end, _, step = (one.strip() for one in rest.partition(":"))
    by_days = dates or bool(step[-1:].isalpha() and step[:1] != "x")
    low, high = number_of(begin), number_of(end)
    if low is not None and high is not None and not (by_days and _both(begin, end)):
        return numbers(low, high, step)
    first, last = read_date(begin, today, written), read_date(end, today, written)
    if first and last:
        return _days(first, last, step, written)
    if begin and not (first or last or low is not None or high is not None):
        return None
    if not begin and not (dates or step or high is not None or last):
        return None
    wrong = end if first or low is not None else begin
    shown = f"`{wrong}`" if wrong else "nothing"
    what = "date" if first or last else "number"
    raise NotASeries(f"A range has two ends, and {shown} is no {what}.")


def _both(begin: str, end: str) -> bool:
    """Whether two numbers can be days: 20240101."""
    return len(begin) == len(end) == 8 and begin.isdigit() and end.isdigit()


def _days(first: Moment, last: Moment, step: str, written: str) -> Series:
    if last.day < first.day:
        raise NotASeries(f"It ends on {last.day}, before it begins on {first.day}.")
    end, form = last.day, written or first.format or last.format or ISO
    if MONTH in (first.format, last.format):
        form, step = (MONTH, "M") if not step else (written or ISO, step)
    if last.format == MONTH:
        end = month_end(end.year, end.month)
    days = steps(first.day, end, step or "D")
    if not days.count:
        raise NotASeries(f"There are no {days.noun} from {first.day} to {last.day}.")
    return dataclasses.replace(days, at=lambda place: write_date(days.at(place), form))


def _times(begin: str, rest: str) -> Series:
    """Moments of a day: `2024-01-01T09:00..2024-01-01T17:00:30min`."""
    found = _TIMED.match(rest)
    step = _TIME_STEP.fullmatch(rest[found.end() :].lstrip(":")) if found else None
    if found is None or step is None:
        raise NotASeries(
            f"A range of times ends in a time and a step: `{begin}..{begin}:30min`."
        )
    try:
        first = dt.datetime.fromisoformat(begin)
        last = dt.datetime.fromisoformat(found[0])
    except ValueError as error:
        raise NotASeries(f"That is no time: {error}.") from None
    pace = dt.timedelta(seconds=int(step[1] or 1) * _SECONDS[step[2]])
    if last < first or not pace:
        raise NotASeries(f"It ends at {last}, before it begins, or does not step.")
    between = begin[10]
    spec = "seconds" if begin.count(":") > 1 or step[2] == "s" else "minutes"
    return Series(
        (last - first) // pace + 1,
        lambda place: (first + pace * place).isoformat(between, spec),
        "times",
    )
