"""The terminal's face: ``opsdash COMMAND``."""

from __future__ import annotations

from .main import main

__all__ = ["main"]
