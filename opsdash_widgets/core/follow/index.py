"""Where the lines of a growing file begin, also where something was cut out of it.

What is gone is one line of its own, a *cut*: lines are numbered as they can be read. A
line that a cut tore apart is one line before it and one behind it. So numbers behind a
cut change whenever it grows; offsets never do, nor does a line's place in all that was
printed (``Span.newlines``, ``Cut.before``).
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter
from typing import NamedTuple

from .holes import Hole
from .newlines import CHUNK, KEY_MARK, Counted, Newlines, Span

__all__ = ["CHUNK", "KEY_MARK", "Cut", "LineIndex"]


class Cut(NamedTuple):
    """Bytes that are gone.

    Attributes:
        line: its number in the sequence of lines.
        start: the first byte.
        end: one behind the last.
        before: newlines before the first, those of earlier cuts included.
        after: newlines before ``end``, its own included.
        torn: whether it begins in the middle of a line.
    """

    line: int
    start: int
    end: int
    before: int
    after: int
    torn: bool


class LineIndex:
    """Line starts of one file, for the bytes that were taken in so far.

    Args:
        chunk: bytes per count of newlines.

    Attributes:
        cuts: what is gone of these bytes, ascending.
    """

    def __init__(self, chunk: int = CHUNK) -> None:
        self._newlines = Newlines(chunk)
        self._holes: Sequence[Hole] = ()
        self.cuts: list[Cut] = []

    @property
    def size(self) -> int:
        """Bytes taken in."""
        return self._newlines.size

    @property
    def printed(self) -> int:
        """Newlines so far, those that are gone included."""
        return self._newlines.total

    @property
    def key_marks(self) -> array[int]:
        """Offsets of ``KEY_MARK``, ascending; some may be gone."""
        return self._newlines.key_marks

    @property
    def has_escapes(self) -> bool:
        """Whether an escape character was seen."""
        return self._newlines.has_escapes

    @property
    def complete(self) -> int:
        """Lines that will not change any more: all but one without a newline."""
        if not self.cuts:
            return self._newlines.total
        last = self.cuts[-1]
        return last.line + 1 + self._newlines.total - last.after

    @property
    def line_count(self) -> int:
        """Lines; a last one without a newline counts."""
        last_end = self.cuts[-1].end if self.cuts else 0
        is_open = not self._newlines.ends_with_newline and self.size > last_end
        return self.complete + is_open

    # Taking in.

    def extend(self, fd: int, upto: int, limit: int | None = None) -> int:
        """Take in bytes that were appended; how many there were.

        Args:
            fd: the file.
            upto: its length.
            limit: the most bytes to read.
        """
        begun, newlines = self.size, self._newlines
        end = upto if limit is None else min(upto, begun + limit)
        while newlines.size < end:
            hole = next((one for one in self._holes if one.end > newlines.size), None)
            if hole is None or newlines.size < hole.start:
                far = upto if hole is None else min(upto, hole.start)
                stop = min(end, far)
                newlines.extend(fd, stop, far)
                if newlines.size < stop:
                    break
            else:
                self._add(fd, hole, None)
                end = min(upto, end + hole.end - hole.start)
        return self.size - begun

    def counted(self) -> Counted:
        """How far it is now."""
        return self._newlines.counted()

    def go_back(self, to: Counted) -> None:
        """Forget what was taken in since; :meth:`use_holes` is to follow."""
        self._newlines.go_back(to)

    def use_holes(self, fd: int, holes: Sequence[Hole]) -> None:
        """Know other holes than before; what was counted already stays counted."""
        self._holes = tuple(holes)
        known = {cut.start: cut for cut in self.cuts}
        self.cuts = []
        for hole in self._holes:
            if hole.start >= self.size:
                break  # extend() comes to it
            self._add(fd, hole, known.get(hole.start))

    def _add(self, fd: int, hole: Hole, known: Cut | None) -> None:
        """A cut for the next hole, behind which everything is counted then."""
        newlines, span = self._newlines, self.span(len(self.cuts))
        if known is None:
            before = newlines.before(fd, hole.start, span)
            torn = hole.start > span.start and os.pread(fd, 1, hole.start - 1) != b"\n"
        else:
            before, torn = known.before, known.torn
        line = span.line + before - span.newlines + torn
        if newlines.size < hole.end:
            newlines.skip(hole.end, max(0, before + hole.lines - newlines.total))
            after = newlines.total
        else:
            counted = self._after(fd, hole)
            after = before + hole.lines if counted is None else counted
            after = max(before, min(after, newlines.total))
        self.cuts.append(Cut(line, hole.start, hole.end, before, after, torn))

    def _after(self, fd: int, hole: Hole) -> int | None:
        """Newlines before a hole's end: what was counted when its bytes were there."""
        at = bisect_right(self._holes, hole.start, key=attrgetter("start"))
        end = self._holes[at].start if at < len(self._holes) else self.size
        span = Span(hole.end, min(end, self.size), 0, 0)
        return self._newlines.before_start(fd, span)

    # Finding.

    def span(self, at: int) -> Span:
        """What lies before the n-th cut (from 0), or behind the last one."""
        start = newlines = line = 0
        if at > 0:
            _, _, start, _, newlines, _ = last = self.cuts[at - 1]
            line = last.line + 1
        end = self.cuts[at].start if at < len(self.cuts) else self.size
        return Span(start, end, newlines, line)

    def span_of(self, offset: int) -> Span:
        """The span that a byte that is there lies in."""
        if not self.cuts:
            return Span(0, self.size, 0, 0)
        return self.span(bisect_right(self.cuts, offset, key=attrgetter("start")))

    def cut_at(self, offset: int) -> Cut | None:
        """The cut that took a byte, if one did."""
        if not self.cuts:
            return None
        at = bisect_right(self.cuts, offset, key=attrgetter("start")) - 1
        return self.cuts[at] if at >= 0 and offset < self.cuts[at].end else None

    def start_of(self, fd: int, line: int) -> int:
        """Offset of a line's first byte; the size for a line beyond the last."""
        at = bisect_left(self.cuts, line, key=attrgetter("line")) if self.cuts else 0
        if at < len(self.cuts) and self.cuts[at].line == line:
            return self.cuts[at].start
        span = self.span(at)
        inside = line - span.line
        if inside <= 0:
            return span.start
        if span.newlines + inside > self._newlines.total:
            return self.size
        return self._newlines.behind(fd, span.newlines + inside, span)

    def end_of(self, fd: int, start: int) -> int:
        """Offset of the newline that ends the line of a byte that is there.

        Where a cut or the end of the file ends it, that.
        """
        return self._newlines.next(fd, start, self.span_of(start))

    def behind(self, end: int) -> int:
        """Where the line begins that follows the one with an end."""
        return end if self.cuts and self.cut_at(end) else end + 1

    def line_of(self, fd: int, offset: int) -> int:
        """Number of the line that holds a byte."""
        cut = self.cut_at(offset)
        if cut is not None:
            return cut.line
        span = self.span_of(offset)
        newlines = self._newlines.before(fd, offset, span)
        return span.line + newlines - span.newlines

    def lines_of(self, fd: int, offsets: Sequence[int]) -> list[int]:
        """Numbers of the lines of ascending offsets; -1 for what is not there."""
        found: list[int] = []
        earlier = 0
        for offset in offsets:
            more = None
            if found and found[-1] >= 0:
                span = self.span_of(offset)
                more = self._newlines.between(fd, earlier, offset, span)
            earlier = offset
            if offset >= self.size or self.cut_at(offset) is not None:
                found.append(-1)
            else:
                found.append(
                    self.line_of(fd, offset) if more is None else found[-1] + more
                )
        return found

    def line_start(self, fd: int, offset: int) -> int:
        """Offset of the first byte of the line that holds a byte."""
        return self.start_of(fd, self.line_of(fd, offset))

    def line_printed(self, nth: int) -> int:
        """Number of the line that was printed n-th (from 0), or of the cut it is in."""
        at = bisect_right(self.cuts, nth, key=attrgetter("after")) if self.cuts else 0
        span = self.span(at)
        line = span.line + nth - span.newlines
        return line if at == len(self.cuts) else min(line, self.cuts[at].line)

    def lost(self, line: int) -> int:
        """What to add to a line's number for its place in all that was printed."""
        if not self.cuts:
            return 0
        span = self.span(bisect_left(self.cuts, line, key=attrgetter("line")))
        return span.newlines - span.line
