"""Where runs are submitted; each executor starts the same supervisor."""

from __future__ import annotations

from .local import LocalExecutor

__all__ = ["LocalExecutor"]
