"""Secret values of a configuration: kept in the file, masked on the way to a view."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..errors import ConfigError
from ..redaction import MASK, Redactor, looks_secret
from .ini import ConfigFile
from .sections import Entry

Place = tuple[str, str]
"""Section and key."""

_REDACTOR = Redactor()
_HEADER = re.compile(r"\s*\[([^\]]+)\]")
_ASSIGNED = re.compile(r"([^\s=:#;\[][^=:]*?)(\s*[=:][ \t]*)(.*)")


def is_secret(entry: Entry) -> bool:
    """Whether a value must not be shown: by its key, or by what it looks like."""
    return _is_secret(entry.key, entry.value)


def masked_text(file: ConfigFile) -> str:
    """The whole text with the secret values masked."""
    for section in file.sections:
        for entry in section.entries:
            if is_secret(entry):
                file = file.set(section.name, entry.key, MASK)
    return file.text


def secret_values(file: ConfigFile) -> dict[Place, str]:
    """What the masks of a document stand for."""
    return {
        (section.name, entry.key): entry.value
        for section in file.sections
        for entry in section.entries
        if is_secret(entry)
    }


def mask_lines(text: str) -> tuple[str, dict[Place, str]]:
    """The same for a text that is no configuration yet: its lines, and what is hidden.

    It goes line by line, so that a line number still names the same line.
    """
    section, place, lines = "", ("", ""), []
    hidden: dict[Place, str] = {}
    for line in text.split("\n"):
        header, assigned = _HEADER.match(line), _ASSIGNED.match(line)
        if place in hidden and line[:1].isspace() and line.strip():
            hidden[place] += "\n" + line.strip()
            lines.append(f"    {MASK}")
            continue
        section = header[1] if header else section
        place = (section, assigned[1] if assigned else "")
        if assigned and _is_secret(assigned[1], assigned[3].strip()):
            hidden[place] = assigned[3].strip()
            line = f"{assigned[1]}{assigned[2]}{MASK}"
        lines.append(line)
    return "\n".join(lines), hidden


def unmasked(file: ConfigFile, hidden: Mapping[Place, str]) -> ConfigFile:
    """An edited text with the values that are still masked put back.

    Raises:
        ConfigError: a masked value stands at an unknown place; ``line`` says where.
    """
    for section in file.sections:
        for entry in section.entries:
            if set(entry.value.split("\n")) != {MASK}:
                continue
            value = hidden.get((section.name, entry.key))
            if value is None:
                raise ConfigError(
                    f"Line {entry.line}: the value of {entry.key} is hidden.",
                    "Type it again: it is not known under this name.",
                    line=entry.line,
                )
            file = file.set(section.name, entry.key, value)
    return file


def _is_secret(key: str, value: str) -> bool:
    if not value:
        return False
    written = f"{key} = {value}"
    named = looks_secret(key) and "/" not in value
    return named or _REDACTOR.text(written) != written
