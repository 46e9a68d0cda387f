"""Configuration files that people write by hand: comments, order and mode are kept."""

from __future__ import annotations

from .environments import Problem, environments, problems
from .files import read_config, write_config
from .ini import ConfigFile, parse_text
from .ini_reading import Entry, Section
from .masking import is_secret, masked_text, unmasked

__all__ = [
    "ConfigFile",
    "Entry",
    "Problem",
    "Section",
    "environments",
    "is_secret",
    "masked_text",
    "parse_text",
    "problems",
    "read_config",
    "unmasked",
    "write_config",
]
