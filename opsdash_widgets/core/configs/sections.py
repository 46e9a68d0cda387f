"""What a configuration says: sections of entries that know their lines."""

from __future__ import annotations

import msgspec


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One ``key = value``.

    Attributes:
        key: as written; upper and lower case differ, as in environment variables.
        value: without the space around it; a continued value has several lines.
        comment: the comment lines right above it, without their ``#``.
        line: the line of the key, from 1.
        lines: how many lines it has.
        comment_lines: how many lines its comment has.
    """

    key: str
    value: str
    comment: str = ""
    line: int = 0
    lines: int = 1
    comment_lines: int = 0

    def __repr__(self) -> str:
        return f"Entry(key={self.key!r}, line={self.line})"  # a value may be secret


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One ``[name]`` and its entries.

    Attributes:
        name: as written.
        entries: in the order of the file.
        comment: the comment lines right above it, without their ``#``.
        line: the line of its header, from 1.
        comment_lines: how many lines its comment has.
        end: the line after its last one; the comment of the next section is that
            section's.
    """

    name: str
    entries: tuple[Entry, ...] = ()
    comment: str = ""
    line: int = 0
    comment_lines: int = 0
    end: int = 0

    def entry(self, key: str) -> Entry | None:
        """The entry of a key."""
        return next((entry for entry in self.entries if entry.key == key), None)
