"""Registries of runs: caches of the run directories that can be asked questions."""

from __future__ import annotations

from .opening import open_store
from .sqlite import SqliteStore

__all__ = ["SqliteStore", "open_store"]
