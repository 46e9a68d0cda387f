"""Real runs to attack; whatever still runs is ended afterwards."""

from __future__ import annotations

from tests.core.conftest import desk, sessions

__all__ = ["desk", "sessions"]
