"""A RunQuery as SQL. Only names of this file become SQL text; values are bound."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..errors import StoreError
from ..model import RunQuery, RunState
from .schema import TEXT_TABLE

SORTS = {
    "created": "created",
    "module": "module",
    "state": "attention",
    "outcome": "attention",
    "duration": "duration",
    "user": "requester",
    "environment": "environment",
}
"""``RunQuery.sort`` -> column. State and outcome are one order: a run has but one of
them to show."""

_GROUP_ID = 26  # characters of a whole one
_WORD = re.compile(r"\w")
_LIKE_SPECIAL = re.compile(r"[%_!]")


class Condition(NamedTuple):
    """A ``WHERE`` clause (empty: all runs) and its values."""

    clause: str
    values: tuple[str | float, ...]


def condition(query: RunQuery, *, full_text: bool) -> Condition:
    """Which runs a query selects.

    Args:
        query: the query.
        full_text: whether the FTS5 index can be asked.
    """
    parts = [
        _any_of("requester", query.users),
        _any_of("environment", query.environments),
        _groups(query.groups),
        _modules(query.modules),
        _status(query),
        _bound("created >= ?", query.since),
        _bound("created < ?", query.until),
        _bound("(outcome IS NULL OR ended >= ?)", query.active_or_since),
        *_text(query.text, full_text=full_text),
    ]
    parts = [part for part in parts if part.clause]
    return Condition(
        " AND ".join(part.clause for part in parts),
        tuple(value for part in parts for value in part.values),
    )


def order(query: RunQuery) -> str:
    """The ``ORDER BY`` terms; equal keys come newest first.

    Raises:
        StoreError: there is no such sort key.
    """
    column = SORTS.get(query.sort)
    if column is None:
        raise StoreError(
            f"Runs cannot be sorted by {query.sort!r}.",
            f"Use one of {', '.join(SORTS)}.",
        )
    way = "DESC" if query.descending else "ASC"
    if column == "created":
        return f"created {way}, id {way}"
    return f"{column} {way}, created DESC, id DESC"


def text_expression(text: str) -> str:
    """Words of a search box as an FTS5 expression: each a prefix, all must occur."""
    return " AND ".join(
        f'"{word.replace(chr(34), chr(34) * 2)}"*' for word in _words(text)
    )


def _words(text: str) -> list[str]:
    """The words that can be searched for: no lone surrogates, NULs, bare dashes."""
    clean = text.encode("utf-8", "ignore").decode("utf-8").replace("\0", " ")
    return [word for word in clean.split() if _WORD.search(word)]


def _any_of(column: str, values: tuple[str, ...]) -> Condition:
    if not values:
        return Condition("", ())
    marks = ", ".join("?" * len(values))
    return Condition(f"{column} COLLATE NOCASE IN ({marks})", values)


def _groups(groups: tuple[str, ...]) -> Condition:
    """Groups by their ids, or by ends of these."""
    if not groups:
        return Condition("", ())
    whole = [len(one) >= _GROUP_ID for one in groups]
    clauses = ("run_group = ?" if one else "run_group GLOB ?" for one in whole)
    values = tuple(
        one if is_id else "*" + re.sub(r"[*\[?]", r"[\g<0>]", one)
        for one, is_id in zip(groups, whole, strict=True)
    )
    # The first words say what the index of grouped runs holds.
    return Condition(f"run_group <> '' AND ({' OR '.join(clauses)})", values)


def _modules(modules: tuple[str, ...]) -> Condition:
    """Exact names, and patterns in which ``*`` stands for anything."""
    clauses: list[str] = []
    values: list[str] = []
    for name in modules:
        if name.endswith(".*"):
            clauses.append("module = ?")
            values.append(name[:-2])
        clauses.append("module GLOB ?" if "*" in name else "module = ?")
        values.append(re.sub(r"[\[?]", r"[\g<0>]", name) if "*" in name else name)
    return Condition(f"({' OR '.join(clauses)})" if clauses else "", tuple(values))


def _status(query: RunQuery) -> Condition:
    """States and outcomes; together the outcomes narrow only what has finished."""
    states = _plain("state", query.states)
    outcomes = _plain("outcome", query.outcomes)
    if states.clause and not any(state.is_terminal for state in query.states):
        # Says the same, and is what the index of active runs is asked by.
        states = Condition(f"outcome IS NULL AND {states.clause}", states.values)
    if not (states.clause and outcomes.clause):
        return states if states.clause else outcomes
    return Condition(
        f"{states.clause} AND (state <> '{RunState.FINISHED}' OR {outcomes.clause})",
        states.values + outcomes.values,
    )


def _plain(column: str, values: Iterable[str]) -> Condition:
    wanted = tuple(str(value) for value in values)
    marks = ", ".join("?" * len(wanted))
    return Condition(f"{column} IN ({marks})" if wanted else "", wanted)


def _bound(clause: str, value: float | None) -> Condition:
    return Condition("", ()) if value is None else Condition(clause, (value,))


def _text(text: str, *, full_text: bool) -> list[Condition]:
    if full_text:
        expression = text_expression(text)
        clause = f"id IN (SELECT rowid FROM {TEXT_TABLE} WHERE words MATCH ?)"  # noqa: S608 - constant
        return [Condition(clause, (expression,))] if expression else []
    clause = "id IN (SELECT id FROM records WHERE words LIKE ? ESCAPE '!')"
    return [
        Condition(clause, ("%" + _LIKE_SPECIAL.sub(r"!\g<0>", word) + "%",))
        for word in _words(text)
    ]
