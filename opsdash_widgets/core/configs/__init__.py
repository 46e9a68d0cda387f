"""Configuration files that people write by hand: comments, order and mode are kept."""

from __future__ import annotations

from .draft import Draft
from .environments import Problem, environments, is_production, problems
from .files import read_config, read_raw, write_config
from .ini import ConfigFile, parse_text
from .masking import is_secret, mask_lines, masked_text, secret_values, unmasked
from .sections import Entry, Section

__all__ = [
    "ConfigFile",
    "Draft",
    "Entry",
    "Problem",
    "Section",
    "environments",
    "is_production",
    "is_secret",
    "mask_lines",
    "masked_text",
    "parse_text",
    "problems",
    "read_config",
    "read_raw",
    "secret_values",
    "unmasked",
    "write_config",
]
