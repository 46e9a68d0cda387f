"""Names of presets: what people write, and nothing that means something to a path."""

from __future__ import annotations

import re
import unicodedata

from ..errors import ModuleNotFound, PresetError

LONGEST_NAME = 80
"""Characters of a name; a list shows it on one line."""
_LONGEST_FILE = 180
"""Bytes of a name: a file's may have 255, and ours gets an ending and a beginning."""
_LETTERS = ("L", "M", "N")
"""The general categories of Unicode (letters, marks, numbers) that a name may have."""
_PUNCTUATION = frozenset(" -_.,+=@()&'#!")
_MODULE = re.compile(r"[\w-]+(?:\.[\w-]+)*")
_LONGEST_MODULE = 200
_STEP = (
    "Use letters, digits, spaces and any of - _ . , + = @ ( ) & ' # !, "
    f"{LONGEST_NAME} characters at most."
)


def check_name(name: str) -> str:
    """A preset's name in the form in which it is kept (NFC, no outer spaces).

    Raises:
        PresetError: it cannot be the name of a preset.
    """
    clean = unicodedata.normalize("NFC", name).strip(" ")
    if not clean:
        raise PresetError("A preset needs a name.", "Give it one.")
    if len(clean) > LONGEST_NAME or len(_bytes(clean)) > _LONGEST_FILE:
        raise PresetError("That name is too long for a preset.", _STEP)
    wrong = next((one for one in clean if not _is_allowed(one)), "")
    if wrong:
        raise PresetError(f"A preset's name cannot hold {_shown(wrong)}.", _STEP)
    if clean[0] == "." or clean[-1] == ".":
        raise PresetError("A preset's name cannot begin or end with a dot.", _STEP)
    return clean


def check_module(module: str) -> str:
    """A module's dotted name, which is a folder's name too.

    Raises:
        ModuleNotFound: it cannot be the name of a module.
    """
    if len(_bytes(module)) > _LONGEST_MODULE or not _MODULE.fullmatch(module):
        raise ModuleNotFound(
            module[:_LONGEST_MODULE],
            "That is not a module's name.",
            "Give it as after `python -m`: letters, digits, _ and dots.",
        )
    return module


def _is_allowed(letter: str) -> bool:
    return letter in _PUNCTUATION or unicodedata.category(letter)[0] in _LETTERS


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _shown(letter: str) -> str:
    if letter.isprintable():
        return f"`{letter}`"
    return unicodedata.name(letter, f"the character U+{ord(letter):04X}")
