"""Find modules without importing them, and ask them for their arguments."""

from __future__ import annotations

from .finder import find_modules, listing
from .probe import probe_module, spec_key
from .watching import ModuleWatch, PackagesWatch

__all__ = [
    "ModuleWatch",
    "PackagesWatch",
    "find_modules",
    "listing",
    "probe_module",
    "spec_key",
]
