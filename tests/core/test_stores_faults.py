"""The registry when its file is locked, corrupt, deleted, read-only or too new."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from opsdash_widgets.core.errors import StoreError
from opsdash_widgets.core.model import Run, RunQuery
from opsdash_widgets.core.stores import SqliteStore, connections, open_store, opening
from opsdash_widgets.core.stores.network import network_type

MakeRun = Callable[..., Run]


def corrupt(path: Path) -> None:
    """Overwrite everything but the first page."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(4096)
        file.write(os.urandom(size - 4096))


@pytest.mark.parametrize("content", [b"this is no database " * 500, os.urandom(20_000)])
def test_a_corrupt_file_is_moved_aside_and_a_new_one_made(
    tmp_path: Path, make_run: MakeRun, content: bytes
) -> None:
    path = tmp_path / "runs.db"
    path.write_bytes(content)
    store = open_store(path)
    aside = [file for file in tmp_path.iterdir() if ".corrupt-" in file.name]
    assert [file.read_bytes() for file in aside] == [content]
    assert "was corrupt" in store.notice
    assert str(aside[0]) in store.notice
    store.put([make_run()])
    store.close()
    assert SqliteStore(path).page(RunQuery()).total == 1


def test_a_file_that_turns_corrupt_is_replaced_while_in_use(
    tmp_path: Path, make_run: MakeRun
) -> None:
    path = tmp_path / "runs.db"
    seed = SqliteStore(path)
    seed.put([make_run() for _ in range(300)])
    seed.close()
    store = open_store(path)
    before = store.version()
    corrupt(path)
    store.put([make_run()])
    assert store.page(RunQuery()).total == 1
    assert "was corrupt" in store.notice
    assert store.version() != before
    store.close()


def test_a_corrupt_search_index_is_rebuilt_and_no_run_forgotten(
    tmp_path: Path, make_run: MakeRun
) -> None:
    path = tmp_path / "runs.db"
    store = open_store(path)
    store.put([make_run() for _ in range(20)])
    other = sqlite3.connect(path)
    other.execute("UPDATE runs_text_data SET block = x'00ff00ff00ff'")
    other.commit()
    other.close()
    assert store.page(RunQuery(text="price")).total == 20
    assert store.notice == ""
    assert list(tmp_path.glob("*corrupt*")) == []
    store.close()


def test_a_deleted_file_is_made_anew(tmp_path: Path, make_run: MakeRun) -> None:
    path = tmp_path / "runs.db"
    store = open_store(path)
    store.put([make_run()])
    before = store.version()
    for file in tmp_path.iterdir():
        file.unlink()
    assert store.version() != before
    assert store.ids() == set()
    assert "deleted" in store.notice
    run = make_run()
    store.put([run])
    store.close()
    assert SqliteStore(path).ids() == {run.run_id}


@pytest.mark.parametrize(
    "path", [Path("/proc/opsdash/runs.db"), Path("/dev/null/x.db")]
)
def test_a_file_that_cannot_be_opened_gives_a_store_in_memory(
    path: Path, make_run: MakeRun
) -> None:
    store = open_store(path)
    assert str(path) in store.notice
    assert "kept in memory for this session" in store.notice
    assert "runs_db" in store.notice
    store.put([make_run()])
    assert store.page(RunQuery()).total == 1
    store.close()


def test_a_folder_in_the_files_place_gives_a_store_in_memory(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    assert "kept in memory" in store.notice
    store.close()


def test_a_read_only_database_gives_a_store_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "runs.db"
    real = connections.connect

    def read_only(where: Path | None) -> sqlite3.Connection:
        connection = real(where)
        if where is not None:
            # What a read-only mount does to it; the tests may run as root.
            connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(connections, "connect", read_only)
    store = open_store(path)
    assert "readonly" in store.notice
    assert "kept in memory" in store.notice
    store.close()


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "runs.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"schema version 99.*Update opsdash_widgets"):
        open_store(path)
    assert path.read_bytes() == before


def test_a_lock_that_lasts_is_an_error_that_says_so(
    tmp_path: Path, make_run: MakeRun
) -> None:
    path = tmp_path / "runs.db"
    store = open_store(path, patience_s=0.05)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match=r"locked by another process.*Try again"):
        store.put([make_run()])
    assert store.page(RunQuery()).total == 0  # readers do not wait for writers
    late = open_store(path, patience_s=0.05)  # nor does opening
    assert late.notice == ""
    other.execute("ROLLBACK")
    other.close()
    store.put([make_run()])
    assert late.page(RunQuery()).total == 1
    store.close()
    late.close()


def test_a_network_file_system_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "network_type", lambda path: "nfs4")
    store = open_store(tmp_path / "runs.db")
    assert "network file system (nfs4)" in store.notice
    assert "Set runs_db in opsdash.toml to a file on a local disk." in store.notice
    assert list(tmp_path.iterdir()) == []
    store.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/me/.dashboard/runs.db", "nfs4"),
        ("/home/local/runs.db", ""),
        ("/mnt/share one/runs.db", "cifs"),
        ("/homestead/runs.db", ""),
        ("/lustre/x/runs.db", "lustre"),
        ("/s/runs.db", "fuse.sshfs"),
    ],
)
def test_the_mount_that_a_path_lies_on_decides(
    tmp_path: Path, path: str, kind: str
) -> None:
    mounts = tmp_path / "mountinfo"
    mounts.write_text(
        "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
        "21 20 0:5 / /home rw,nosuid shared:7 - nfs4 server:/home rw\n"
        "22 21 8:2 / /home/local rw - xfs /dev/sdb rw\n"
        "23 20 0:6 / /mnt/share\\040one rw - cifs //server/share rw\n"
        "24 20 0:7 / /lustre rw - lustre mds:/x rw\n"
        "25 20 0:8 / /s rw - ext4 /dev/sdc rw\n"
        "26 20 0:9 / /s rw - fuse.sshfs me@host: rw\n"
    )
    assert network_type(Path(path), mounts) == kind


def test_sqlite_without_fts5_searches_all_the_same(
    tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "runs.db"
    with monkeypatch.context() as without:
        module = "opsdash_widgets.core.stores.schema._TEXT_SQL"
        without.setattr(module, "CREATE VIRTUAL TABLE runs_text USING no_fts5(words)")
        store = SqliteStore(path)
        assert not store.full_text
        run = make_run(explanation="100% of curve_set")
        store.put([run, make_run()])
        for text in ("curve_set", "100%", "CURVE"):
            assert [r.run_id for r in store.page(RunQuery(text=text)).runs] == [
                run.run_id
            ]
        assert store.page(RunQuery(text="c%e")).total == 0
        store.close()
    store = SqliteStore(path)  # with FTS5 again: what it missed is indexed
    assert store.full_text
    assert store.page(RunQuery(text="curve")).total == 1
    store.close()


def test_a_forked_process_opens_the_registry_for_itself(
    tmp_path: Path, make_run: MakeRun
) -> None:
    path = tmp_path / "runs.db"
    seed = SqliteStore(path)
    run = make_run()
    seed.put([run])
    seed.close()
    script = (
        "import os, sys; from pathlib import Path\n"
        "from opsdash_widgets.core.stores import SqliteStore\n"
        "store = SqliteStore(Path(sys.argv[1])); run = store.active() or store.ids()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    store.remove(store.ids()); os._exit(0 if store.ids() == set() else 1)\n"
        "assert os.waitpid(child, 0)[1] == 0; assert store.ids() == set()\n"
        "store.close()\n"
    )
    subprocess.run([sys.executable, "-c", script, str(path)], check=True, timeout=60)


def test_the_log_is_cut_when_it_has_grown(
    tmp_path: Path, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "WAL_LIMIT", 200_000)
    monkeypatch.setattr(connections, "_WAL_CHECK_EVERY", 1)
    path = tmp_path / "runs.db"
    store = SqliteStore(path)
    for _ in range(60):
        store.put([make_run() for _ in range(10)])
    assert path.with_name("runs.db-wal").stat().st_size <= 400_000
    store.close()
