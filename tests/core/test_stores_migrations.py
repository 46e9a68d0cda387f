"""Old registries load for ever."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from opsdash_widgets.core.model import Outcome, RunQuery
from opsdash_widgets.core.stores import SqliteStore
from opsdash_widgets.core.stores.schema import migrate, migrations, schema_version

GOLDEN = Path(__file__).parents[1] / "golden" / "registry_v1.db"
"""Written by the version of the package that introduced schema version 1."""


def test_a_version_1_registry_still_answers(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    shutil.copy(GOLDEN, path)
    store = SqliteStore(path)
    page = store.page(RunQuery())
    assert [run.run_id for run in page.runs] == [
        "20250601-c",
        "20250601-b",
        "20250601-a",
    ]
    failed = store.page(RunQuery(text="eurusd", outcomes=(Outcome.FAILED,))).runs
    assert [run.explanation for run in failed] == ["KeyError: 'EURUSD' in load_curves"]
    assert failed[0].spec.argv == ("--curve-set", "intraday", "••••••")
    assert [run.run_id for run in store.active()] == ["20250601-c"]
    assert store.page(RunQuery(groups=("g20250601T000000000-abcdef",))).total == 0
    assert store.counts() == {"running": 1}
    store.put(page.runs)
    store.remove(["20250601-a"])
    assert store.ids() == {"20250601-b", "20250601-c"}
    store.close()


def test_migrations_are_numbered_without_gaps() -> None:
    assert [version for version, _ in migrations()] == [
        *range(1, len(migrations()) + 1)
    ]


def test_only_what_is_missing_is_applied() -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    first = (1, "CREATE TABLE a (x);\nINSERT INTO a VALUES ('one; two');")
    second = (2, "ALTER TABLE a ADD COLUMN y;\n")
    migrate(connection, [first])
    migrate(connection, [first, second])
    migrate(connection, [first, second])
    assert connection.execute("SELECT * FROM a").fetchall() == [("one; two", None)]
    assert schema_version(connection) == 2
    connection.close()


def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "x.db", isolation_level=None)
    first = (1, "CREATE TABLE a (x);")
    migrate(connection, [first])
    connection.execute("BEGIN IMMEDIATE")
    broken = (2, "CREATE TABLE b (x);\nCREATE TABLE a (x);")
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, [first, broken])
    connection.execute("ROLLBACK")
    assert schema_version(connection) == 1
    tables = connection.execute("SELECT name FROM sqlite_schema").fetchall()
    assert tables == [("a",)]
    connection.close()
