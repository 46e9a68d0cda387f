"""Reading an INI text with ConfigUpdater, which takes 20 ms to import: see ``ini``."""

from __future__ import annotations

import configparser
from collections.abc import Iterator

import configupdater

from ..errors import ConfigError
from .sections import Entry, Section


def read_sections(text: str) -> tuple[Section, ...]:
    """The sections of a text whose lines end with a newline character.

    Raises:
        ConfigError: the text is no configuration; ``line`` says where.
    """
    updater = configupdater.ConfigUpdater()
    updater.optionxform = str  # type: ignore[method-assign,assignment] # case matters
    try:
        updater.read_string(text)
    except configparser.Error as error:
        raise _explained(error, text) from error
    return tuple(_read_sections(updater))


def _read_sections(updater: configupdater.ConfigUpdater) -> Iterator[Section]:
    line, comment = 1, _NO_COMMENT
    blocks = list(updater.iter_blocks())
    sections = [block for block in blocks if isinstance(block, configupdater.Section)]
    for block in blocks:
        if block not in sections:
            comment = _comment_of(block)
            line += len(str(block).split("\n")) - 1
    for section in sections:
        entries, after, end = _read_entries(section, line + 1)
        last = section is sections[-1]
        yield Section(
            name=section.name,
            entries=entries,
            comment=comment[0],
            comment_lines=comment[1],
            line=line,
            end=end if last else end - after[1],
        )
        line, comment = end, after


_Comment = tuple[str, int]
_NO_COMMENT: _Comment = ("", 0)


def _read_entries(
    section: configupdater.Section, line: int
) -> tuple[tuple[Entry, ...], _Comment, int]:
    """Entries, the comment at the very end (the next section's), and the next line."""
    entries, comment = [], _NO_COMMENT
    for block in section.iter_blocks():
        size = str(block).count("\n") or 1  # the file's last line may have none
        if isinstance(block, configupdater.Option):
            entries.append(
                Entry(
                    key=block.key,
                    value=_value(block),
                    comment=comment[0],
                    comment_lines=comment[1],
                    line=line,
                    lines=size,
                )
            )
        comment = _comment_of(block)
        line += size
    return tuple(entries), comment, line


def _value(option: configupdater.Option) -> str:
    """Without the space around each line, and without comments between the lines."""
    first, *rest = (line.strip() for line in (option.value or "").split("\n"))
    kept = [line for line in rest if line[:1] not in ("#", ";")]
    return "\n".join([first, *kept]).strip()


def _comment_of(block: object) -> _Comment:
    if not isinstance(block, configupdater.Comment):
        return _NO_COMMENT
    lines = str(block).rstrip("\n").split("\n")
    return "\n".join(line.strip().lstrip("#;").strip() for line in lines), len(lines)


def _explained(error: configparser.Error, text: str) -> ConfigError:
    """The reader's error in one sentence with its line.

    A header without its bracket comes first: the reader only sees what follows from it.
    """
    for number, header in enumerate(text.split("\n"), 1):
        if header.startswith("[") and "]" not in header:
            return _at_line(number, "this [section] has no closing bracket")
    match error:
        case configparser.DuplicateOptionError():
            words = f"{error.option} is given twice in {error.section}"
            line = error.lineno or 0
        case configparser.DuplicateSectionError():
            words, line = f"there are two sections {error.section}", error.lineno or 0
        case configparser.MissingSectionHeaderError():
            words, line = "this stands before the first [section]", error.lineno
        case configparser.ParsingError() if error.errors:
            words, line = "this is no key = value", error.errors[0][0]
        case _:
            words, line = "this is no INI file", 0
    return _at_line(line, words)


def _at_line(line: int, words: str) -> ConfigError:
    return ConfigError(
        f"Line {line}: {words}.", "Correct the line and save again.", line=line
    )
