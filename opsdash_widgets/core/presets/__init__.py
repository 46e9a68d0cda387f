"""Presets of modules: kept as files, made from specs, compared with them."""

from __future__ import annotations

from .comparing import compare, fields_of, fitting
from .decoding import (
    LARGEST,
    decode_bundle,
    decode_preset,
    encode_bundle,
    encode_preset,
)
from .defaults import default_values
from .differing import commands_of, differs
from .names import check_module, check_name
from .overriding import unmasked, with_arguments
from .recent import recent_values
from .secrets import arguments_without_secrets, secret_paths, without_secrets
from .store import OWN, PROJECT, PresetStore

__all__ = [
    "LARGEST",
    "OWN",
    "PROJECT",
    "PresetStore",
    "arguments_without_secrets",
    "check_module",
    "check_name",
    "commands_of",
    "compare",
    "decode_bundle",
    "decode_preset",
    "default_values",
    "differs",
    "encode_bundle",
    "encode_preset",
    "fields_of",
    "fitting",
    "recent_values",
    "secret_paths",
    "unmasked",
    "with_arguments",
    "without_secrets",
]
