"""Folds what a supervisor has sampled into series."""

from __future__ import annotations

from .resources import read_resources

__all__ = ["read_resources"]
