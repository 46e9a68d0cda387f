"""A run's output to the terminal: each stream to its own, redacted line by line."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from typing import BinaryIO, TextIO

from ..core.follow import LogFile
from ..core.follow.blocks import Block, block
from ..core.follow.export import keys_behind
from ..core.redaction import MASK, PemState, Redactor, strip_controls
from .terminal import has_colours, tell

OUT, ERR, MIXED = 1, 2, 3
"""The streams as ``output.idx`` numbers them."""
BOTH = (OUT, ERR, MIXED)

_LONGEST = 1024 * 1024
"""A longer line is redacted in pieces."""
_ENDS = re.compile(rb"(\r\n|\n|\r)")
_COLOUR = re.compile("(\x1b\\[[0-9;:]*m)")
"""Select Graphic Rendition (ECMA-48 §8.3.117): the only escape that is let through."""
_COLOUR_BYTES = re.compile(rb"\x1b\[[0-9;:]*m")


class Outlet:
    """One stream of ours; holds a line back until it is whole.

    Bytes go through as they were written, but for secrets, and on a terminal for every
    control code that is not a colour.
    """

    def __init__(self, target: BinaryIO, redactor: Redactor, *, colours: bool) -> None:
        self._target = target
        self._redactor = redactor
        self._terminal = target.isatty()
        self._colours = colours
        self._keys = PemState()
        self._pending = b""

    def write(self, data: bytes) -> None:
        """Take what was written next; whole lines go out."""
        *pieces, pending = _ENDS.split(self._pending + data)
        if pending == b"" and pieces and pieces[-1] == b"\r":
            pending = b"".join(pieces[-2:])  # its newline may still come
            pieces = pieces[:-2]
        lines = zip(pieces[::2], pieces[1::2], strict=True)
        self._target.write(b"".join(self._safe(line) + end for line, end in lines))
        while len(pending) > _LONGEST:
            self._target.write(self._safe(pending[:_LONGEST]))
            pending = pending[_LONGEST:]
        self._pending = pending

    def finish(self) -> None:
        """Let out a last line that has no end."""
        line, *end = _ENDS.split(self._pending)
        self._target.write(self._safe(line) + b"".join(end))
        self._pending = b""
        self._target.flush()

    def interrupt(self, words: str, keys: PemState) -> None:
        """Say something in a line of its own, after which the text goes on elsewhere.

        Args:
            words: what to say.
            keys: whether what follows lies in a private key.
        """
        if self._pending:
            self.finish()
            self._target.write(b"\n")
        plain = "\x1b[0m" if self._colours else ""
        self._target.write(f"{plain}{words}\n".encode())
        self._keys = keys

    def flush(self) -> None:
        """Have it shown now."""
        self._target.flush()

    def _safe(self, raw: bytes) -> bytes:
        text = raw.decode("utf-8", "replace")
        plain = strip_controls(text)
        shown = MASK if self._keys.inside(plain) else self._redactor.line(plain)
        if shown != plain:
            return shown.encode()
        if not self._terminal:
            return raw if self._colours else _COLOUR_BYTES.sub(b"", raw)
        return "".join(self._parts(text)).encode("utf-8", "replace")

    def _parts(self, text: str) -> list[str]:
        parts = _COLOUR.split(text)
        parts[::2] = [strip_controls(part) for part in parts[::2]]
        return parts if self._colours else parts[::2]


class Copier:
    """Copies a growing log to stdout and stderr, or to stdout alone.

    Args:
        log: the log.
        start: the first byte.
        streams: which streams; what is known of none belongs to ``MIXED``.
        apart: what the job wrote to stderr goes to stderr.
    """

    def __init__(
        self,
        log: LogFile,
        *,
        start: int = 0,
        streams: Collection[int] = BOTH,
        apart: bool = False,
    ) -> None:
        self._log = log
        self._at = start
        self._streams = streams
        self._generation = log.generation
        out = _outlet(sys.stdout, log.redactor)
        self._outlets = dict.fromkeys(BOTH, out)
        if apart:
            self._outlets[ERR] = _outlet(sys.stderr, log.redactor)

    def copy(self, upto: int) -> None:
        """Copy what lies before a place that the log is known to reach."""
        self._start_over_if_needed()
        while self._at < upto:
            self._copy_block(upto)
        for outlet in set(self._outlets.values()):
            outlet.flush()

    def finish(self) -> None:
        """Copy the rest, with a last line that has no end."""
        self.copy(self._log.size)
        for outlet in set(self._outlets.values()):
            outlet.finish()

    def _copy_block(self, upto: int) -> None:
        piece = block(self._log, self._at, upto)
        self._at = max(piece.end, self._at + 1)
        if piece.gap is not None:
            for outlet in set(self._outlets.values()):
                # Each stream lost something, and what follows is not what was before.
                outlet.interrupt(piece.gap.words, keys_behind(self._log, piece.end))
        elif piece.is_written:
            self._copy_written(piece)
        else:
            self._outlets[OUT].write(piece.data)

    def _copy_written(self, piece: Block) -> None:
        last = None
        with self._log.lock:
            spans = self._log.attribution.spans(piece.start, piece.end)
        for low, high, stream in spans:
            if stream not in self._streams:
                continue
            outlet = self._outlets[stream]
            if last not in (None, outlet):
                last.flush()  # two streams on one terminal keep their order
            outlet.write(piece.data[low - piece.start : high - piece.start])
            last = outlet

    def _start_over_if_needed(self) -> None:
        if self._log.generation != self._generation:
            self._generation = self._log.generation
            self._at = 0
            tell(self._log.notice or "The log was cut or replaced; it begins again.")


def _outlet(stream: TextIO, redactor: Redactor) -> Outlet:

    stream.flush()
    return Outlet(stream.buffer, redactor, colours=has_colours(stream))
