"""Opens the registry of a home folder, or one in memory with the reason why."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ..ports import RunStore
from .connections import PATIENCE_S
from .network import network_type
from .sqlite import SqliteStore


def open_store(path: Path, *, patience_s: float = PATIENCE_S) -> RunStore:
    """Open the registry, creating it where there is none.

    A file that cannot be used never keeps the panel from opening: the store is then
    in memory, and its ``notice`` says why and what to do.

    Args:
        path: the database file; its folder is created too.
        patience_s: seconds that a transaction waits for other processes.

    Raises:
        StoreError: the file has a newer schema than this package knows.
    """
    kind = network_type(path)
    if kind:
        return _in_memory(
            f"The registry {path} lies on a network file system ({kind}), where its "
            "locks cannot be trusted",
            "Set runs_db in opsdash.toml to a file on a local disk.",
        )
    try:
        return SqliteStore(path, patience_s=patience_s)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return _in_memory(
            f"The registry {path} cannot be opened ({reason})",
            "Check its permissions and the disk's free space, or set runs_db in "
            "opsdash.toml to another file.",
        )


def _in_memory(what: str, next_step: str) -> RunStore:
    kept = "the list of runs is kept in memory for this session"
    return SqliteStore(None, notice=f"{what}, so {kept}. {next_step}")
