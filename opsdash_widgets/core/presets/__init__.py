"""Presets of modules: kept as files, made from specs, compared with them."""

from __future__ import annotations

from .comparing import compare, fields_of
from .decoding import (
    LARGEST,
    decode_bundle,
    decode_preset,
    encode_bundle,
    encode_preset,
)
from .defaults import default_values
from .names import check_module, check_name
from .recent import recent_values
from .secrets import secret_paths, without_secrets
from .store import OWN, PROJECT, PresetStore

__all__ = [
    "LARGEST",
    "OWN",
    "PROJECT",
    "PresetStore",
    "check_module",
    "check_name",
    "compare",
    "decode_bundle",
    "decode_preset",
    "default_values",
    "encode_bundle",
    "encode_preset",
    "fields_of",
    "recent_values",
    "secret_paths",
    "without_secrets",
]
