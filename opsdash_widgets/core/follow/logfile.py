"""The output of one run, as pages of lines that are safe to show."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from ..redaction import PemState, Redactor
from .attribution import Attribution
from .export import export
from .holes import Holes
from .index import LineIndex
from .line import CAP, Gap, LogLine, drawn
from .newlines import Counted
from .pages import READ, Pages, RawLine
from .passing import PAGE, complete_lines, many_lines
from .search import Found, Wanted, search
from .streams import StreamLines
from .watched import WatchedFile

OUTPUT = "output.log"
WHOLE = 1024 * 1024
"""Bytes of one line that are shown when it is asked for whole."""
_STEP = 64 * 1024 * 1024
"""Bytes taken in between two looks at what was cut out meanwhile."""
T = TypeVar("T")


class LogFile:
    """The log of a run directory; it may grow, shrink, vanish or not be there yet.

    Every text that comes out is stripped of escapes and redacted. Nothing is read
    before the first :meth:`refresh`. May be used from several threads.

    A private key of several lines is masked wherever a page begins: the index knows
    where keys begin, and a page looks 128 KB back.

    Where the log limit cut something out, one line says so and its bytes are never
    read. It may be cut at any time, so after every reading the records are looked at
    again. Then the numbers of the lines behind the gap are others: :attr:`cuts` tells.

    Args:
        run_dir: the run directory.
        redactor: knows the run's secrets; patterns alone by default.
    """

    def __init__(self, run_dir: Path | str, redactor: Redactor | None = None) -> None:
        self.run_dir = Path(run_dir)
        self.redactor = redactor or Redactor()
        self._lock = threading.RLock()
        self._file = WatchedFile(self.run_dir, OUTPUT)
        self._index = LineIndex()
        self._attribution = Attribution()
        self._holes = Holes()
        self._cuts = 0
        self._steadied = False
        self._generation = 0
        self._streams: StreamLines | None = None

    def __enter__(self) -> LogFile:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"LogFile({str(self.run_dir)!r}, lines={self.line_count})"

    @property
    def size(self) -> int:
        """Bytes that are known; grows with :meth:`refresh`."""
        return self._index.size

    @property
    def behind(self) -> int:
        """Bytes that are written, but not yet taken in."""
        return max(0, self._file.length - self._index.size)

    @property
    def line_count(self) -> int:
        """Lines that are known; a last one without a newline counts."""
        return self._index.line_count

    @property
    def cuts(self) -> int:
        """Grows whenever lines have other numbers: what lay before them was cut out."""
        return self._cuts

    @property
    def gone(self) -> Gap | None:
        """All that the log limit cut out, or ``None``."""
        cuts = self._index.cuts
        if not cuts:
            return None
        lines = sum(cut.after - cut.before for cut in cuts)
        return Gap(sum(cut.end - cut.start for cut in cuts), lines)

    @property
    def notice(self) -> str:
        """One sentence when something is wrong with the file, or empty."""
        return self._file.notice

    @property
    def generation(self) -> int:
        """Grows whenever lines read before are not the file's any more."""
        return self._file.generation

    def refresh(self, limit: int | None = None) -> bool:
        """Look at the file again; whether anything changed.

        Args:
            limit: the most bytes to take in now (``behind`` tells the rest).
        """
        with self._lock:
            before = (self.generation, self.notice, self._cuts)
            grown = noted = False
            if self._file.look(self._index.size):
                self._start_over_if_needed()
                grown = self._take_in(limit)
                noted = self._attribution.refresh(self._file.folder)
            else:
                self._start_over_if_needed()
            now = (self.generation, self.notice, self._cuts)
            return grown or noted or before != now

    def lines(self, start: int, count: int) -> list[LogLine]:
        """Up to ``count`` lines from number ``start`` on."""

        def read() -> list[LogLine]:
            end = min(start + count, self.line_count)
            return self.lines_at(range(max(0, start), end))

        return self.steady(read)

    def tail(self, count: int) -> list[LogLine]:
        """The last lines."""
        if count > PAGE:
            return self.many_lines(self.line_count - count, count)
        return self.steady(
            lambda: self.lines(max(0, self.line_count - count), max(0, count))
        )

    def whole_line(self, number: int) -> LogLine:
        """One line uncut (of more than 1 MB only the first; ``cut`` then says so).

        Raises:
            IndexError: there is no such line.
        """

        def read() -> LogLine:
            if not 0 <= number < self.line_count:
                raise IndexError(number)
            pages = Pages(self._file.fd, self._index, WHOLE)
            raw = pages.raw(number)
            return self._line(raw, pages.keys_before(raw.start), WHOLE)

        return self.steady(read)

    def lines_at(self, numbers: range | list[int]) -> list[LogLine]:
        """The lines of ascending numbers; none for those that do not exist."""

        def read() -> list[LogLine]:
            pages, found = Pages(self._file.fd, self._index), []
            keys, expected = PemState(), -1
            count, wanted = self.line_count, numbers
            if wanted and wanted[-1] >= count:
                wanted = [number for number in wanted if number < count]
            for number in wanted:
                raw = pages.raw(number)
                if raw.start != expected:
                    keys = pages.keys_before(raw.start)
                expected = raw.behind if raw.cut is None else -1
                found.append(self._line(raw, keys))
            return found

        return self.steady(read)

    def complete_lines(
        self, offset: int, count: int, *, ending: bool = False
    ) -> tuple[list[LogLine], int]:
        """Lines from a place in the file on, which no cut can move.

        Args:
            offset: the first byte; within what is gone it stands for the gap.
            count: the most lines.
            ending: whether a last line without a newline counts.

        Returns:
            The lines, and where the next one begins.
        """
        return complete_lines(self, offset, count, ending=ending)

    def many_lines(self, start: int, count: int) -> list[LogLine]:
        """As :meth:`lines`, however many, also of a log that is being cut meanwhile."""
        return many_lines(self, start, count)

    def search(
        self,
        pattern: str,
        *,
        regex: bool = False,
        ignore_case: bool = True,
        limit: int = 10_000,
        start: int = 0,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> list[int]:
        """Numbers of the lines whose shown text matches, ascending.

        Args:
            pattern: what to look for; nothing is found for an empty one.
            regex: whether it is a regular expression.
            ignore_case: whether ``a`` finds ``A``.
            limit: the most numbers.
            start: the first line to look at.
            cancelled: asked often; once it says yes, what was found so far returns.

        Raises:
            OpsdashError: the expression is wrong.
        """
        found = self.find(Wanted(pattern, regex, ignore_case), limit, start, cancelled)
        return self.steady(lambda: found.numbers_now(self))

    def find(
        self, wanted: Wanted, limit: int, start: int, cancelled: Callable[[], bool]
    ) -> Found:
        """As :meth:`search`, with places, which no cut can move."""
        return search(self, wanted, limit, start, cancelled)

    def export(self, stream: str = "all") -> Iterator[bytes]:
        """The log as a redacted UTF-8 text, in pieces, all that is written by now.

        Args:
            stream: ``all``, ``out`` or ``err``; what is known of neither is in both.
        """
        return export(self, stream)

    def stream_lines(self) -> StreamLines:
        """The lines of each stream alone, up to date; use it within :meth:`steady`."""

        def read() -> StreamLines:
            if self._streams is None:
                self._streams = StreamLines(self)
            self._streams.refresh()
            return self._streams

        return self.steady(read)

    def close(self) -> None:
        """Release the files; the next :meth:`refresh` opens them again."""
        with self._lock:
            self._file.close()
            self._attribution.close()
            self._holes.close()
            self._index = LineIndex()

    # What the other parts of this package use.

    @property
    def lock(self) -> AbstractContextManager[bool]:
        """Held while places in the file are used."""
        return self._lock

    @property
    def fd(self) -> int:
        """The descriptor of the file, or -1."""
        return self._file.fd

    @property
    def index(self) -> LineIndex:
        """Where the lines begin."""
        return self._index

    @property
    def attribution(self) -> Attribution:
        """Which stream a span belongs to."""
        return self._attribution

    def read(self, start: int, count: int) -> bytes:
        """Bytes of the part that is known; fewer where the file was cut meanwhile."""
        count = min(count, self._index.size - start)
        return os.pread(self.fd, count, start) if self.fd >= 0 and count > 0 else b""

    def steady(self, read: Callable[[], T]) -> T:
        """Read under the lock, again where something was cut out meanwhile.

        So the numbers that come out of it fit each other, and no byte is a hole's.
        """
        with self._lock:
            if self._steadied:
                return read()
            self._steadied = True
            try:
                found = read()
                while self._notice_cuts():
                    found = read()
                return found
            finally:
                self._steadied = False

    def reopened(self) -> int:
        """Another descriptor of the same file, with a position of its own, or -1."""
        with self._lock:
            if self.fd < 0:
                return -1
            return os.open(f"/proc/self/fd/{self.fd}", os.O_RDONLY | os.O_CLOEXEC)

    def _start_over_if_needed(self) -> None:
        if self._generation != self.generation:
            self._generation = self.generation
            self._index = LineIndex()
            self._attribution.close()
            self._holes.close()

    def _take_in(self, limit: int | None) -> bool:
        before = self._index.size
        if self._holes.opened or self._file.is_sparse:
            self._notice_cuts()
        left = self._file.length if limit is None else limit
        while left > 0:
            counted = self._index.counted()
            step = min(left, _STEP)
            got = self._index.extend(self.fd, self._file.length, step)
            if got and self._notice_cuts(counted):
                continue
            left -= step
            if not got:
                break
        if grown := self._index.size > before:
            self._file.note_read(self._index.size)
        return grown

    def _notice_cuts(self, counted: Counted | None = None) -> bool:
        """Know what was cut out by now; whether that is more than was known.

        Args:
            counted: how far the index was right, whatever was cut out since.
        """
        noticed = False
        while self._file.folder >= 0 and self._holes.refresh(
            self._file.folder, self._length
        ):
            if counted is not None:
                self._index.go_back(counted)
            self._use_holes()
            self._cuts += 1
            noticed = True
        if noticed and self._index.size:
            self._file.note_read(self._index.size)
        return noticed

    def _use_holes(self) -> None:
        """Take the holes over; where one was taken back, count all anew."""
        size, holes = self._index.size, self._holes
        if all(holes.cover(cut.start, cut.end) for cut in self._index.cuts):
            self._index.use_holes(self.fd, holes.all)
        else:
            self._index = LineIndex()
            self._index.use_holes(self.fd, holes.all)
            self._index.extend(self.fd, size)

    def _length(self) -> int:
        return os.fstat(self.fd).st_size if self.fd >= 0 else 0

    def _line(self, raw: RawLine, keys: PemState, cap: int = CAP) -> LogLine:
        lost = self._index.lost(raw.number) if self._index.cuts else 0
        if (gone := raw.cut) is not None:
            gap = Gap(gone.end - gone.start, gone.after - gone.before)
            return LogLine(raw.number, gap.words, lost=lost, gap=gap)
        text, styles, cut = drawn(raw.data, self.redactor, keys, cap)
        return LogLine(
            number=raw.number,
            text=text,
            stream=self._attribution.stream(raw.start, raw.end),
            time=self._attribution.time(raw.start),
            cut=cut or (len(raw.data) >= READ and raw.end - raw.start > len(raw.data)),
            styles=styles,
            lost=lost,
        )
