"""A preset's bytes: JSON out, and in again with the line of what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, NoReturn

import msgspec

from ..errors import PresetError
from ..model import FormValues, Preset

LARGEST = 4 << 20
"""Bytes of a preset: an argument has 128 kB at most, a form some hundred of them."""
DEEPEST = 32
"""Subcommands below each other; no command line has so many."""
SCHEMA = "preset/1"
BUNDLE = "presets/1"
"""The schema of a file with several presets."""

_STEP = "Correct it, or save the preset again."
_KEY = re.compile(r"\.([^.\[\]`]+)")
_WHERE = re.compile(r" - at `(\$[^`]*)`$")


def encode_preset(preset: Preset) -> bytes:
    """A preset as its file holds it: indented, so that it can be read and compared.

    Raises:
        PresetError: it is too large, or holds half a character.
    """
    try:
        data = msgspec.json.format(msgspec.json.encode(preset), indent=2) + b"\n"
    except (UnicodeEncodeError, TypeError, ValueError, RecursionError) as error:
        raise PresetError(
            "The preset holds something that JSON cannot.",
            "Take it out: numbers, texts, lists and true or false can be kept.",
            str(error),
        ) from error
    refuse_large(len(data), f"The preset {preset.name}")
    return data


def decode_preset(data: bytes, title: str, *, strict: bool = False) -> Preset:
    """The preset that bytes hold.

    Args:
        data: JSON in UTF-8.
        title: what the bytes are called in an error: a file's path.
        strict: refuse keys that would be left out without a word.

    Raises:
        PresetError: they hold none; ``line`` says where, as far as it is known.
    """
    refuse_large(len(data), title)
    text = _text(data, title)
    raw = _raw(text, title)
    try:
        preset = msgspec.convert(raw, Preset)
        if strict:
            _check_keys(raw, text, title)
    except msgspec.ValidationError as error:
        _refuse(title, *_located(str(error), text))
    except RecursionError:
        _refuse(title, "it is nested too deeply", 0)
    if preset.schema != SCHEMA:
        _refuse(title, f"its schema is {preset.schema!r}, not {SCHEMA!r}", 0)
    if _depth(preset.values) > DEEPEST:
        _refuse(title, "its subcommands are nested too deeply", 0)
    encode_preset(preset)
    return preset


def encode_bundle(found: Sequence[Preset]) -> bytes:
    """Several presets in one file, for ``decode_bundle``."""
    parts = [msgspec.Raw(encode_preset(preset)) for preset in found]
    data = msgspec.json.encode({"schema": BUNDLE, "presets": parts})
    return msgspec.json.format(data, indent=2) + b"\n"


def decode_bundle(data: bytes, title: str) -> list[Preset]:
    """The presets of a file: one, or as many as ``encode_bundle`` put there.

    Raises:
        PresetError: it holds none; ``line`` says where, as far as it is known.
    """
    refuse_large(len(data), title)
    raw = _raw(_text(data, title), title)
    if raw.get("schema") != BUNDLE:
        return [decode_preset(data, title, strict=True)]
    parts = raw.get("presets")
    if not isinstance(parts, list) or not parts:
        _refuse(title, "it holds no presets", 0)
    return [
        decode_preset(
            json.dumps(part).encode(), f"{title}, preset {place}", strict=True
        )
        for place, part in enumerate(parts, start=1)
    ]


def refuse_large(size: int, title: str) -> None:
    """Refuse what is larger than a preset can be.

    Raises:
        PresetError: it is.
    """
    if size > LARGEST:
        raise PresetError(
            f"{title} has {size / 1e6:,.1f} MB; a preset has at most "
            f"{LARGEST >> 20} MB.",
            "Put what is large into a file, and give its path as the value.",
        )


def _text(data: bytes, title: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        _refuse(title, "it is no text in UTF-8", line)


def _raw(text: str, title: str) -> dict[str, Any]:
    try:
        raw = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        _refuse(title, f"{error.msg[:1].lower()}{error.msg[1:]}", error.lineno)
    except RecursionError:
        _refuse(title, "it is nested too deeply", 0)
    except ValueError as error:
        _refuse(title, str(error), 0)
    if not isinstance(raw, dict):
        _refuse(title, "it is no JSON object", 1)
    return raw


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _check_keys(raw: dict[str, Any], text: str, title: str) -> None:
    known = {*Preset.__struct_fields__}
    _check_level(raw, known, text, title)
    level: Any = raw.get("values")
    while isinstance(level, dict):
        _check_level(level, {"values", "command", "name"}, text, title)
        level = level.get("command")


def _check_level(raw: dict[str, Any], known: set[str], text: str, title: str) -> None:
    unknown = sorted(set(raw) - known)
    if unknown:
        names = ", ".join(sorted(known))
        said = f"it has a key {unknown[0]!r}, which is none of {names}"
        _refuse(title, said, _line_of([unknown[0]], text))


def _located(message: str, text: str) -> tuple[str, int]:
    """What msgspec says as part of a sentence, and the line it speaks of."""
    found = _WHERE.search(message)
    where = found[1] if found else ""
    said = message[: found.start()] if found else message
    said = f"{said[:1].lower()}{said[1:]}" + (f" at {where[2:]}" if where[2:] else "")
    return said, _line_of(_KEY.findall(where), text)


def _line_of(keys: Sequence[str], text: str) -> int:
    """The line of the last of some keys, each below the one before; 0: not found."""
    place = 0
    for key in keys:
        found = re.compile(rf"{re.escape(json.dumps(key))}\s*:").search(text, place)
        if found is None:
            return 0
        place = found.end()
    return text.count("\n", 0, place) + 1 if keys else 0


def _depth(values: FormValues) -> int:
    depth = 0
    level: FormValues | None = values
    while level is not None:
        depth, level = depth + 1, level.command
    return depth


def _refuse(title: str, said: str, line: int) -> NoReturn:
    where = f", line {line}" if line else ""
    raise PresetError(f"{title}{where}: {said}.", _STEP, line=line)
