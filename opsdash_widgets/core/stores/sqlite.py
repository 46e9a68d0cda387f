"""The registry of one host: SQLite in WAL mode."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from ..model import Run, RunPage, RunQuery
from ..ports import RunEnd
from . import rows
from .connections import PATIENCE_S, Database
from .queries import Condition, condition, order
from .schema import TEXT_TABLE

_BATCH = 500
"""Values in one ``IN (…)``; old SQLite takes 999."""

_REMEMBERED_TOTALS = 64

_WHOLE = "SELECT record FROM runs JOIN records ON records.id = runs.id"

_INSERT = (
    f"INSERT INTO runs ({', '.join(rows.COLUMNS)})"  # noqa: S608 - constants
    f" VALUES ({', '.join('?' * len(rows.COLUMNS))})"
)
# A run's spec is frozen, so most updates touch these alone, and few indexes.
_MUTABLE = ("state", "outcome", "attention", "duration", "ended")
_FROZEN = tuple(name for name in rows.COLUMNS if name not in _MUTABLE)
_FORGET_WORDS = (
    f"INSERT INTO {TEXT_TABLE}({TEXT_TABLE}, rowid, words) VALUES('delete', ?, ?)"
)
_LEARN_WORDS = f"INSERT INTO {TEXT_TABLE}(rowid, words) VALUES (?, ?)"  # noqa: S608 - constant


class SqliteStore:
    """A ``RunStore`` in one SQLite file, or in memory.

    Sorting, filtering and windows are SQL over a narrow table of indexed columns; the
    runs themselves are JSON in a second one. Text search is FTS5, kept in the same
    transaction as the run (0.1 ms a run), or ``LIKE`` where SQLite lacks FTS5.

    Attributes:
        notice: one sentence when the store is not what was asked for, or empty.

    Raises:
        StoreError: the schema is newer than this package.
        sqlite3.Error, OSError: the file cannot be opened; ``open_store`` falls back.
    """

    def __init__(
        self, path: Path | None, notice: str = "", patience_s: float = PATIENCE_S
    ) -> None:
        self.notice = notice
        self._database = Database(path, patience_s, self._take_notice)
        self._totals: dict[Condition, tuple[int, int]] = {}

    @property
    def full_text(self) -> bool:
        """Whether text search is indexed (FTS5)."""
        return self._database.full_text

    def put(self, runs: Iterable[Run]) -> None:
        """Insert or replace runs, in one transaction."""
        wanted = list(runs)
        if wanted:
            self._database.write(lambda connection: self._put_all(connection, wanted))

    def get(self, run_id: str) -> Run | None:
        """The run of exactly that id."""
        found = self._select("WHERE runs.run_id = ?", (run_id,))
        return found[0] if found else None

    def find(self, fragment: str, limit: int = 10) -> list[str]:
        """Ids that start or end with a fragment, newest first."""
        if not fragment:
            return []
        sql = (
            "SELECT run_id FROM runs WHERE substr(run_id, 1, length(?1)) = ?1"
            " OR substr(run_id, -length(?1)) = ?1"
            " ORDER BY created DESC, id DESC LIMIT ?2"
        )
        clean = fragment.encode("utf-8", "replace").decode("utf-8")
        return self._database.read(
            lambda connection: [
                row[0] for row in connection.execute(sql, (clean, limit))
            ]
        )

    def page(self, query: RunQuery) -> RunPage:
        """One window of the runs that a query selects."""
        return self._database.read(lambda connection: self._page(connection, query))

    def active(self) -> list[Run]:
        """The runs that had begun and not finished when last put, newest first."""
        return self._select(
            "WHERE runs.outcome IS NULL AND runs.state NOT IN ('finished', 'queued')"
        )

    def queued(self, after: str, limit: int) -> list[Run]:
        """Some of the runs that wait, in the order of their ids behind a given one."""
        return self._select(
            "WHERE runs.state = 'queued' AND runs.run_id > ?",
            (after,),
            order="runs.run_id",
            limit=limit,
        )

    def counts(self) -> dict[str, int]:
        """State -> how many runs have it, of those that have not finished."""
        sql = (
            "SELECT state, count(*) FROM runs"
            " WHERE outcome IS NULL AND state <> 'finished' GROUP BY state"
        )
        return self._database.read(lambda connection: dict(connection.execute(sql)))

    def ends(self, group: str) -> list[RunEnd]:
        """How each run of a group stands, without reading its record."""
        sql = (
            "SELECT run_id, state, outcome, duration, ended FROM runs"
            " WHERE run_group = ? AND run_group <> ''"
        )
        return self._database.read(
            lambda connection: [
                RunEnd(run_id, outcome or state, outcome is not None, duration, ended)
                for run_id, state, outcome, duration, ended in connection.execute(
                    sql, (group,)
                )
            ]
        )

    def ids(self) -> set[str]:
        """All run ids."""
        return self._database.read(
            lambda connection: {
                row[0] for row in connection.execute("SELECT run_id FROM runs")
            }
        )

    def remove(self, run_ids: Iterable[str]) -> None:
        """Forget runs (their directories are not touched)."""
        wanted = list(run_ids)
        if wanted:
            self._database.write(lambda connection: self._remove(connection, wanted))

    def version(self) -> int:
        """A number that changes whenever any process has written."""
        return self._database.version()

    def close(self) -> None:
        """Release the registry."""
        self._database.close()

    def _take_notice(self, sentence: str) -> None:
        self.notice = sentence or self.notice

    def _select(
        self,
        clause: str,
        values: Sequence[str] = (),
        order: str = "runs.created DESC, runs.id DESC",
        limit: int = -1,
    ) -> list[Run]:
        sql = f"{_WHOLE} {clause} ORDER BY {order} LIMIT ?"
        return self._database.read(
            lambda connection: [
                rows.decode(row[0]) for row in connection.execute(sql, (*values, limit))
            ]
        )

    def _page(self, connection: sqlite3.Connection, query: RunQuery) -> RunPage:
        wanted = condition(query, full_text=self.full_text)
        where = f" WHERE {wanted.clause}" if wanted.clause else ""
        sql = f"SELECT id FROM runs{where} ORDER BY {order(query)} LIMIT ? OFFSET ?"  # noqa: S608 - clauses are ours, values bound
        window = (max(query.limit, 0), max(query.offset, 0))
        ids = [row[0] for row in connection.execute(sql, (*wanted.values, *window))]
        records: dict[int, bytes] = {}
        for batch in _batches(ids):
            marks = ", ".join("?" * len(batch))
            records.update(
                connection.execute(
                    f"SELECT id, record FROM records WHERE id IN ({marks})",  # noqa: S608 - marks only
                    batch,
                )
            )
        return RunPage(
            runs=tuple(rows.decode(records[place]) for place in ids),
            total=self._total(connection, wanted, where),
            offset=query.offset,
        )

    def _total(
        self, connection: sqlite3.Connection, wanted: Condition, where: str
    ) -> int:
        """How many rows there are; counted once per condition and version."""
        version = self._database.snapshot_version(connection)
        known = self._totals.get(wanted)
        if known is not None and known[0] == version:
            return known[1]
        sql = f"SELECT count(*) FROM runs{where}"  # noqa: S608 - clauses are ours
        total = int(connection.execute(sql, wanted.values).fetchone()[0])
        if len(self._totals) >= _REMEMBERED_TOTALS:
            self._totals.clear()
        self._totals[wanted] = (version, total)
        return total

    def _put_all(self, connection: sqlite3.Connection, runs: list[Run]) -> None:
        for run in runs:
            self._put(connection, run)
        if not self.full_text:
            connection.execute(
                "INSERT OR REPLACE INTO notes VALUES ('text_stale', '1')"
            )

    def _put(self, connection: sqlite3.Connection, run: Run) -> None:
        columns = rows.columns(run)
        known = connection.execute(
            f"SELECT id, {', '.join(_FROZEN)} FROM runs WHERE run_id = ?",  # noqa: S608 - constants
            (run.run_id,),
        ).fetchone()
        if known is None:
            place = connection.execute(_INSERT, columns).lastrowid
            old_words = None
        else:
            place = known[0]
            values = dict(zip(rows.COLUMNS, columns, strict=True))
            frozen = tuple(values[name] for name in _FROZEN)
            changed = _MUTABLE if frozen == known[1:] else rows.COLUMNS
            connection.execute(
                f"UPDATE runs SET {' = ?, '.join(changed)} = ? WHERE id = ?",  # noqa: S608 - constants
                (*(values[name] for name in changed), place),
            )
            row = connection.execute("SELECT words FROM records WHERE id = ?", (place,))
            old_words = row.fetchone()[0]
        words = rows.words(run)
        self._index(connection, int(place or 0), old_words, words)
        connection.execute(
            "INSERT OR REPLACE INTO records (id, record, words) VALUES (?, ?, ?)",
            (place, rows.encode(run), words),
        )

    def _index(
        self,
        connection: sqlite3.Connection,
        place: int,
        old: str | None,
        new: str | None,
    ) -> None:
        if not self.full_text or old == new:
            return
        if old is not None:
            connection.execute(_FORGET_WORDS, (place, old))
        if new is not None:
            connection.execute(_LEARN_WORDS, (place, new))

    def _remove(self, connection: sqlite3.Connection, run_ids: list[str]) -> None:
        sql = (
            "SELECT runs.id, words FROM runs JOIN records ON records.id = runs.id"
            " WHERE run_id = ?"
        )
        for run_id in run_ids:
            for place, words in connection.execute(sql, (run_id,)).fetchall():
                self._index(connection, place, words, None)
                connection.execute("DELETE FROM records WHERE id = ?", (place,))
                connection.execute("DELETE FROM runs WHERE id = ?", (place,))
        if not self.full_text:
            connection.execute(
                "INSERT OR REPLACE INTO notes VALUES ('text_stale', '1')"
            )


def _batches(ids: list[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while batch := list(islice(rest, _BATCH)):
        yield batch
