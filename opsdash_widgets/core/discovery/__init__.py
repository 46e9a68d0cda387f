"""Find modules without importing them, ask for their arguments, try those arguments."""

from __future__ import annotations

from .finder import find_modules, listing, located
from .listing_cache import correct_kind
from .probe import probe_module, spec_key
from .validation import (
    NO_PARSER,
    ParserVerdict,
    Validation,
    validate,
    validation_off,
)
from .watching import ModuleWatch, PackagesWatch

__all__ = [
    "NO_PARSER",
    "ModuleWatch",
    "PackagesWatch",
    "ParserVerdict",
    "Validation",
    "correct_kind",
    "find_modules",
    "listing",
    "located",
    "probe_module",
    "spec_key",
    "validate",
    "validation_off",
]
