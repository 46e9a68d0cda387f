"""Find modules without importing them, ask for their arguments, try those arguments."""

from __future__ import annotations

from .finder import find_modules, listing
from .probe import probe_module, spec_key
from .validation import ParserVerdict, Validation, validate, validation_off
from .watching import ModuleWatch, PackagesWatch

__all__ = [
    "ModuleWatch",
    "PackagesWatch",
    "ParserVerdict",
    "Validation",
    "find_modules",
    "listing",
    "probe_module",
    "spec_key",
    "validate",
    "validation_off",
]
