"""An INI file as a document: read into sections, edited by lines, nothing else moved.

ConfigUpdater reads it and says which lines each entry has. The edits replace those
lines and no others: ConfigUpdater's own edits change the spacing around ``=``, put a
new key below the blank lines that end a section, and lose the comment above the next
section when one is removed.
"""

from __future__ import annotations

import re

import msgspec

from ..errors import ConfigError
from .sections import Entry, Section

DEFAULTS = "DEFAULT"
"""The section whose entries hold for all others (as in ``configparser``)."""

_KEY = re.compile(r"[^\s=:#;\[\]][^=:\x00-\x1f\x7f]*")
_SECTION = re.compile(r"[^\[\]\x00-\x1f\x7f]+")
_PREFIX = re.compile(r"[^=:]*[=:][ \t]*")


class ConfigFile(msgspec.Struct, frozen=True, kw_only=True):
    """A configuration file's text and what it says. An edit gives a new document.

    Attributes:
        text: the whole text, lines ended by a newline character.
        sections: in the order of the file.
        newline: how lines end on disk.
        bom: whether the file on disk starts with a byte order mark.
        fingerprint: of the bytes on disk that it was read from; empty where there was
            no file.
    """

    text: str
    sections: tuple[Section, ...]
    newline: str = "\n"
    bom: bool = False
    fingerprint: str = ""

    def __repr__(self) -> str:
        names = ", ".join(section.name for section in self.sections)
        return f"ConfigFile({names})"

    @property
    def exists(self) -> bool:
        """Whether it was read from a file."""
        return bool(self.fingerprint)

    def section(self, name: str) -> Section | None:
        """The section of a name."""
        return next((part for part in self.sections if part.name == name), None)

    def with_text(self, text: str) -> ConfigFile:
        """The same file with another text.

        Raises:
            ConfigError: the text is no configuration; ``line`` says where.
        """
        from .ini_reading import read_sections  # not needed to list runs

        text = one_newline(text)
        return msgspec.structs.replace(self, text=text, sections=read_sections(text))

    def set(self, section: str, key: str, value: str) -> ConfigFile:
        """Give a key another value.

        Raises:
            ConfigError: there is no such key, or the value cannot stand in the file.
        """
        entry = self._entry(section, key)
        lines = self.text.split("\n")
        start = entry.line - 1
        lines[start : start + entry.lines] = _written(_before(lines[start]), value)
        return self._checked(lines, section, key, value)

    def add(self, section: str, key: str = "", value: str = "") -> ConfigFile:
        """Add a key after the last one of a section, or a section after the last one.

        Raises:
            ConfigError: the name is taken or cannot stand in the file.
        """
        if not key:
            return self._add_section(section)
        found = self._section(section)
        _check_key(key)
        if found.entry(key):
            raise ConfigError(f"{key} is already in {section}.", _OTHER_NAME)
        last = found.entries[-1] if found.entries else None
        at = last.line - 1 + last.lines if last else found.line
        lines = self.text.split("\n")
        lines[at:at] = _written(f"{key} = ", value)
        return self._checked(lines, section, key, value)

    def remove(self, section: str, key: str = "") -> ConfigFile:
        """Remove a key, or a whole section, with the comment right above it.

        Raises:
            ConfigError: there is no such section or key.
        """
        lines = self.text.split("\n")
        if key:
            entry = self._entry(section, key)
            start = entry.line - 1
            del lines[start - entry.comment_lines : start + entry.lines]
            return self.with_text("\n".join(lines))
        found = self._section(section)
        del lines[found.line - 1 - found.comment_lines : found.end - 1]
        text = "\n".join(lines).rstrip("\n")
        return self.with_text(text + "\n" if text else "")

    def rename(self, section: str, key: str = "", *, to: str) -> ConfigFile:
        """Give a key, or a section, another name.

        Raises:
            ConfigError: there is no such section or key, or the name cannot be used.
        """
        if to == (key or section):
            return self
        lines = self.text.split("\n")
        if not key:
            found = self._section(section)
            self._check_section_name(to, but=section)
            header = lines[found.line - 1]
            lines[found.line - 1] = header.replace(f"[{section}]", f"[{to}]", 1)
            return self.with_text("\n".join(lines))
        entry = self._entry(section, key)
        _check_key(to)
        if self._section(section).entry(to):
            raise ConfigError(f"{to} is already in {section}.", _OTHER_NAME)
        lines[entry.line - 1] = lines[entry.line - 1].replace(key, to, 1)
        return self._checked(lines, section, to, entry.value)

    def _add_section(self, name: str) -> ConfigFile:
        self._check_section_name(name)
        text = self.text.rstrip("\n")
        return self.with_text(f"{text}\n\n[{name}]\n" if text else f"[{name}]\n")

    def _check_section_name(self, name: str, but: str = "") -> None:
        if not _SECTION.fullmatch(name) or name != name.strip():
            raise ConfigError(
                f"{name!r} cannot be the name of a section.",
                "Use letters, digits, dashes and underscores.",
            )
        for section in self.sections:
            if section.name.lower() == name.lower() and section.name != but:
                raise ConfigError(f"There is already a {section.name}.", _OTHER_NAME)

    def _section(self, name: str) -> Section:
        found = self.section(name)
        if not found:
            raise ConfigError(f"There is no section {name}.", "Reload the file.")
        return found

    def _entry(self, section: str, key: str) -> Entry:
        entry = self._section(section).entry(key)
        if not entry:
            raise ConfigError(f"There is no {key} in {section}.", "Reload the file.")
        return entry

    def _checked(
        self, lines: list[str], section: str, key: str, value: str
    ) -> ConfigFile:
        """The document, read back: what was put in must come out."""
        file = self.with_text("\n".join(lines))
        entry = file._entry(section, key)
        if entry.value != _trimmed(value):
            raise ConfigError(
                f"The value of {key} cannot be written in an INI file.",
                "A line of it may not be empty or start with # or ;.",
            )
        return file


def parse_text(text: str) -> ConfigFile:
    """The document that a text is, belonging to no file yet.

    Raises:
        ConfigError: the text is no configuration; ``line`` says where.
    """
    return ConfigFile(text="", sections=()).with_text(text)


_OTHER_NAME = "Choose another name."


def one_newline(text: str) -> str:
    """The text with its lines ended as everywhere in here."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key) or key != key.strip():
        raise ConfigError(
            f"{key!r} cannot be a key.", "Use letters, digits and underscores."
        )


def _trimmed(value: str) -> str:
    return "\n".join(line.strip() for line in one_newline(value).strip().split("\n"))


def _before(line: str) -> str:
    """What stands on an entry's first line before its value, spacing and all."""
    found = _PREFIX.match(line)
    before = found[0] if found else line
    return f"{before} " if before == line and before[-2:-1] == " " else before


def _written(before: str, value: str) -> list[str]:
    """The lines of an entry."""
    first, *rest = _trimmed(value).split("\n")
    if any(line[:1] in ("#", ";") for line in rest) or "\0" in value:
        raise ConfigError(
            "A line of this value would be read as a comment.",
            "Put the text on one line, or leave out its # or ;.",
        )
    return [f"{before}{first}".rstrip(), *(f"    {line}" for line in rest)]
