"""Secret values of a configuration: kept in the file, masked on the way to a view."""

from __future__ import annotations

from ..errors import ConfigError
from ..redaction import MASK, Redactor, looks_secret
from .ini import ConfigFile
from .ini_reading import Entry

_REDACTOR = Redactor()


def is_secret(entry: Entry) -> bool:
    """Whether a value must not be shown: by its key, or by what it looks like."""
    if not entry.value:
        return False
    written = f"{entry.key} = {entry.value}"
    named = looks_secret(entry.key) and "/" not in entry.value
    return named or _REDACTOR.text(written) != written


def masked_text(file: ConfigFile) -> str:
    """The whole text with the secret values masked."""
    for section in file.sections:
        for entry in section.entries:
            if is_secret(entry):
                file = file.set(section.name, entry.key, MASK)
    return file.text


def unmasked(file: ConfigFile, before: ConfigFile) -> ConfigFile:
    """An edited text with the values that are still masked taken from before.

    Raises:
        ConfigError: a masked value has no value before; ``line`` says where.
    """
    for section in file.sections:
        for entry in section.entries:
            if entry.value != MASK:
                continue
            known = before.section(section.name)
            old = known.entry(entry.key) if known else None
            if old is None:
                raise ConfigError(
                    f"Line {entry.line}: the value of {entry.key} is hidden.",
                    "Type it again: it is not known under this name.",
                    line=entry.line,
                )
            if old.value != MASK:
                file = file.set(section.name, entry.key, old.value)
    return file
