"""The registry's schema, one numbered SQL file per version, never edited again."""

from __future__ import annotations
