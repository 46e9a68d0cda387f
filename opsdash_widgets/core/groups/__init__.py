"""Groups of runs on disk: their records, and who starts their runs."""

from __future__ import annotations

from .files import GroupFiles, new_group_id
from .presence import Presence

__all__ = ["GroupFiles", "Presence", "new_group_id"]
