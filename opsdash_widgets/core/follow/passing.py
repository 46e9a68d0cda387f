"""Reading on from a place in a log, page by page, while it may be cut behind and ahead.

A page is read again when something was cut out meanwhile. That ends only where a page
is read faster than the log is cut, so whoever wants many lines reads many pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from .line import Gap, LogLine

if TYPE_CHECKING:
    from .logfile import LogFile

PAGE = 1000
"""The most lines that are read at once."""


def complete_lines(
    log: LogFile, offset: int, count: int, *, ending: bool
) -> tuple[list[LogLine], int]:
    """See ``LogFile.complete_lines``."""

    def read() -> tuple[list[LogLine], int]:
        index, fd = log.index, log.fd
        until = index.line_count if ending else index.complete
        first = index.line_of(fd, offset) if offset < index.size else until
        last = min(first + count, until)
        if first >= last:
            return [], offset
        lines = log.lines_at(range(first, last))
        cut = index.cut_at(offset)
        if cut is not None and cut.start < offset:  # some of it was handed out before
            missed = Gap(cut.end - offset, None)
            lines[0] = msgspec.structs.replace(lines[0], text=missed.words, gap=missed)
        return lines, index.start_of(fd, last)

    return log.steady(read)


def many_lines(log: LogFile, start: int, count: int) -> list[LogLine]:
    """Up to ``count`` lines from number ``start`` on, of those that are known now.

    Their numbers follow each other. What is cut out before it was read comes as a gap
    that tells how much was missed.
    """

    def ends() -> tuple[int, int]:
        last = min(start + count, log.line_count)
        return log.index.start_of(log.fd, start), log.index.start_of(log.fd, last)

    start = max(0, start)
    if start >= log.line_count:
        return []
    place, end = log.steady(ends)
    found: list[LogLine] = []
    while place < end and len(found) < count:
        most = min(PAGE, count - len(found))
        page, place = complete_lines(log, place, most, ending=True)
        if not page:
            break
        found += page
    return [_numbered(line, start + at) for at, line in enumerate(found)]


def _numbered(line: LogLine, number: int) -> LogLine:
    lost = line.number + line.lost - number
    return msgspec.structs.replace(line, number=number, lost=lost)
