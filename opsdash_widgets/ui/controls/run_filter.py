"""The filter box of the run table: words and tokens -> a query."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import time
from collections.abc import Callable
from typing import Any

import msgspec

from ...core.model import Outcome, RunQuery, RunState

HELP: tuple[tuple[str, str], ...] = (
    ("status:failed", "state or outcome; several with commas; also active, finished"),
    ("module:price", "module whose name contains it; runners.* for a package"),
    ("user:me", "who asked for the run"),
    ("env:PROD", "environment"),
    ("group:3fa1c2", "the runs of one sweep, by its id or the end of it"),
    ("since:7d", "newer than: 30m, 24h, 7d, 2w, today, 2025-03-31"),
    ("until:yesterday", "older than, in the same forms"),
    (
        "curve set",
        "words in module, arguments, reason, id; in quotes where a : is in it",
    ),
)
"""(token, what it means), as the table's help shows them."""

_PART = re.compile(
    r'(?P<half>[A-Za-z_]+):(?=\s|$)|(?:(?P<key>[A-Za-z_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S+))'
)
_SPAN = re.compile(r"(\d+(?:\.\d+)?)(s|m|h|d|w)")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}
_SYNONYMS = {"success": "succeeded", "ok": "succeeded", "error": "failed"}
_ALIASES = {"environment": "env", "state": "status", "outcome": "status"}
_ACTIVE = tuple(state for state in RunState if not state.is_terminal)
_STATUSES: dict[str, tuple[RunState | Outcome, ...]] = {
    "active": _ACTIVE,
    **{str(word): (word,) for word in (*RunState, *Outcome)},
}
"""What can stand after ``status:``; the beginning of a word will do."""


class FilterError(ValueError):
    """The filter box holds something that is no filter; the text says what is."""


def parse_filter(text: str, me: str = "", now: float | None = None) -> RunQuery:
    """Turn what stands in the filter box into a query.

    Args:
        text: free words and ``key:value`` tokens, in any order. A token that comes
            twice allows both values.
        me: the user that ``user:me`` means.
        now: seconds since the epoch; the clock's where ``None``.

    Returns:
        A query with the default order and window.

    Raises:
        FilterError: an unknown token or a value that it does not take, in one sentence
            that names what can be used.
    """
    found = _Found(me, time.time() if now is None else now)
    for part in _PART.finditer(text):
        key, bare, quoted = part["key"], part["bare"], part["quoted"]
        if part["half"]:
            # A token that is still being typed; any other word before a colon is text.
            found.words += [] if found.knows(part["half"]) else [part["half"]]
            continue
        value = quoted if quoted is not None else bare
        if key is None:
            found.words.append(value)
        elif value.strip(","):
            found.take(key.lower(), value)
    return found.query()


class _Found:
    """What was read so far."""

    def __init__(self, me: str, now: float) -> None:
        self.now = now
        self.words: list[str] = []
        self.lists: dict[str, list[Any]] = {}
        self.bounds: dict[str, float] = {}
        self.readers: dict[str, Callable[[str], None]] = {
            "status": self._status,
            "module": lambda one: self._add(
                "modules", one if "*" in one else f"*{one}*"
            ),
            "user": lambda one: self._add("users", me if one == "me" else one),
            "env": lambda one: self._add("environments", one),
            "group": lambda one: self._add("groups", one),
            "since": lambda one: self._bound("since", one),
            "until": lambda one: self._bound("until", one),
        }

    def knows(self, key: str) -> bool:
        """Whether there is such a token."""
        return _ALIASES.get(key.lower(), key.lower()) in self.readers

    def take(self, key: str, value: str) -> None:
        """Read one token."""
        reader = self.readers.get(_ALIASES.get(key, key))
        if reader is None:
            text = f'"{key}:{value}"'
            raise FilterError(_unknown("filter", key, list(self.readers), text))
        for one in value.split(","):
            if one:
                reader(one)

    def query(self) -> RunQuery:
        """The query that they make."""
        lists: dict[str, Any] = {
            name: tuple(values) for name, values in self.lists.items()
        }
        made = RunQuery(text=" ".join(self.words), **lists)
        if made.outcomes and made.states and RunState.FINISHED not in made.states:
            # Both ask for their own: active states or those that ended so.
            states = (*made.states, RunState.FINISHED)
            made = msgspec.structs.replace(made, states=states)
        return msgspec.structs.replace(made, **self.bounds)

    def _add(self, name: str, value: Any) -> None:
        self.lists.setdefault(name, []).append(value)

    def _status(self, value: str) -> None:
        word = _SYNONYMS.get(value.lower(), value.lower().replace("-", "_"))
        meant = [word] if word in _STATUSES else _starting_with(word)
        if not meant:
            raise FilterError(_unknown("status", value, list(_STATUSES)))
        for status in dict.fromkeys(one for name in meant for one in _STATUSES[name]):
            kind = "states" if isinstance(status, RunState) else "outcomes"
            self._add(kind, status)

    def _bound(self, name: str, value: str) -> None:
        span = _SPAN.fullmatch(value.lower())
        if span:
            self.bounds[name] = self.now - float(span[1]) * _SECONDS[span[2]]
            return
        self.bounds[name] = self._day(value.lower()).timestamp()

    def _day(self, value: str) -> dt.datetime:
        """The start of a day, in the local time zone."""
        today = dt.datetime.fromtimestamp(self.now).astimezone()
        midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
        if value in ("today", "yesterday"):
            return midnight - dt.timedelta(days=value == "yesterday")
        try:
            return dt.datetime.fromisoformat(value.upper()).astimezone()
        except ValueError as error:
            raise FilterError(
                f"“{value}” is no time: use 30m, 24h, 7d, 2w, today, yesterday or a "
                "date like 2025-03-31."
            ) from error


def _starting_with(word: str) -> list[str]:
    return [name for name in _STATUSES if name.startswith(word)]


def _unknown(what: str, word: str, known: list[str], quoted: str = "") -> str:
    """The sentence about a word that is not known, with the nearest one."""
    near = difflib.get_close_matches(word.lower(), known, n=1)
    meant = f" Did you mean {near[0]}?" if near else f" Use {', '.join(known)}."
    text = f" To search for the text, write {quoted}." if quoted else ""
    return f"There is no {what} “{word}”.{meant}{text}"
