"""Where a run comes from: the commit of its module, its Python, what is installed."""

from __future__ import annotations

from .collecting import Collecting
from .records import GitState, Interpreter, Packages, Provenance, read_provenance

__all__ = [
    "Collecting",
    "GitState",
    "Interpreter",
    "Packages",
    "Provenance",
    "read_provenance",
]
