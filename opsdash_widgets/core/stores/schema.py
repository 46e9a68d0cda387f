"""Brings a database to the newest schema, by numbered migrations."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from importlib import resources

from ..errors import StoreError

Migration = tuple[int, str]
"""The version that it leads to, and its SQL."""

TEXT_TABLE = "runs_text"

TEXT_IS_STALE = "INSERT OR REPLACE INTO notes VALUES ('text_stale', '1')"
"""Notes that the full-text index does not hold what ``records`` holds."""

# An external-content index: it holds the words' places only, and can be rebuilt from
# `records` in one statement. `prefix` makes a search while typing an index look-up.
_TEXT_SQL = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {TEXT_TABLE} USING fts5("
    "words, content='records', content_rowid='id', prefix='2 3',"
    " tokenize='unicode61 remove_diacritics 2')"
)


def migrations() -> tuple[Migration, ...]:
    """The shipped migrations, oldest first."""
    folder = resources.files(__package__).joinpath("migrations")
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".sql")),
        key=lambda entry: entry.name,
    )
    return tuple((int(file.name[:3]), file.read_text("utf-8")) for file in files)


def refuse_newer(connection: sqlite3.Connection, steps: Sequence[Migration]) -> None:
    """Leave a database alone that a newer version of the package wrote.

    Raises:
        StoreError: it was.
    """
    present, newest = schema_version(connection), steps[-1][0]
    if present > newest:
        raise StoreError(
            f"The registry has schema version {present}, and this version of "
            f"opsdash_widgets knows up to {newest}.",
            "Update opsdash_widgets, or set runs_db in opsdash.toml to another file.",
        )


def migrate(connection: sqlite3.Connection, steps: Sequence[Migration]) -> None:
    """Apply what is missing, inside the write transaction that the caller holds.

    Raises:
        StoreError: the database was written by a newer version of the package.
    """
    refuse_newer(connection, steps)
    present = schema_version(connection)
    for version, script in steps:
        if version > present:
            for statement in _statements(script):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {int(version)}")


def schema_version(connection: sqlite3.Connection) -> int:
    """The version that the database says it has; 0 for a new one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def prepare_text_search(connection: sqlite3.Connection) -> bool:
    """Make the full-text index ready, inside a write transaction.

    An index that an SQLite without FTS5 has left behind is rebuilt.

    Returns:
        Whether this SQLite has FTS5.
    """
    try:
        connection.execute(_TEXT_SQL)
        # Opening the table is what fails where it exists and FTS5 does not.
        connection.execute(f"SELECT rowid FROM {TEXT_TABLE} LIMIT 0")  # noqa: S608 - constant
    except sqlite3.OperationalError as error:
        if "fts5" not in str(error):
            raise
        return False
    stale = connection.execute("DELETE FROM notes WHERE key = 'text_stale'").rowcount
    if stale:
        connection.execute(f"INSERT INTO {TEXT_TABLE}({TEXT_TABLE}) VALUES('rebuild')")
    return True


def text_search_is_ready(connection: sqlite3.Connection) -> bool:
    """Whether the full-text index can be used as it is."""
    try:
        connection.execute(f"SELECT rowid FROM {TEXT_TABLE} LIMIT 0")  # noqa: S608 - constant
    except sqlite3.OperationalError:
        return False
    stale = connection.execute("SELECT 1 FROM notes WHERE key = 'text_stale'")
    return stale.fetchone() is None


def is_about_text_search(error: sqlite3.DatabaseError) -> bool:
    """Whether it is the full-text index that is corrupt, not the runs."""
    broken = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB
    return broken or f"constructor failed: {TEXT_TABLE}" in str(error)


def forget_text_search(connection: sqlite3.Connection) -> None:
    """Drop the full-text index, also one too broken for ``DROP TABLE``."""
    connection.execute("PRAGMA writable_schema = ON")
    try:
        connection.execute("DELETE FROM sqlite_master WHERE name = ?", (TEXT_TABLE,))
    finally:
        connection.execute("PRAGMA writable_schema = RESET")
    for part in ("data", "idx", "docsize", "config"):  # FTS5's own tables
        connection.execute(f"DROP TABLE IF EXISTS {TEXT_TABLE}_{part}")
    connection.execute(TEXT_IS_STALE)


def _statements(script: str) -> list[str]:
    """The statements of a migration; ``executescript`` would commit first."""
    found, part = [], ""
    for line in script.splitlines(keepends=True):
        part += line
        if sqlite3.complete_statement(part):
            found.append(part)
            part = ""
    return found
