"""A log as one redacted text, piece by piece; both streams or one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..redaction import PemState, Redactor
from .attribution import ERR, MIXED, OUT
from .line import drawn
from .pages import gap_text, gaps

if TYPE_CHECKING:
    from .logfile import LogFile

_READ = 256 * 1024
_LONGEST = 1024 * 1024
"""A longer line is redacted in pieces, parted at a space where there is one."""
_STREAMS = {"all": {OUT, ERR, MIXED}, "out": {OUT, MIXED}, "err": {ERR, MIXED}}
CHANGED = b"\n[The log was replaced or cut while it was being exported.]\n"


def export(log: LogFile, stream: str) -> Iterator[bytes]:
    """See ``LogFile.export``.

    A line is assembled from the bytes of the wanted streams alone, so that two streams
    that tore each other's lines come out whole. As in the view a progress line stands
    as it was last drawn.
    """
    keys, pending = PemState(), b""
    for block in _blocks(log, _STREAMS[stream]):
        *lines, pending = (pending + block).split(b"\n")
        if lines:
            yield "".join(
                _text(line, log.redactor, keys) + "\n" for line in lines
            ).encode()
        while len(pending) > _LONGEST:
            piece, pending = _parted(pending)
            yield _text(piece, log.redactor, keys).encode()
    if pending:
        yield _text(pending, log.redactor, keys).encode()


def _text(raw: bytes, redactor: Redactor, keys: PemState) -> str:
    return drawn(raw, redactor, keys, cap=len(raw) + 1)[0]


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    at = raw.rfind(b" ", _LONGEST // 2, _LONGEST)
    at = _LONGEST if at < 0 else at
    return raw[:at], raw[at:]


def _blocks(log: LogFile, streams: set[int]) -> Iterator[bytes]:
    """The bytes of the wanted streams, up to what is written when it begins."""
    log.refresh()  # a log that is still being taken in would end too early
    at, size, generation = 0, log.size, log.generation
    while at < size:
        with log.lock:
            if log.generation != generation:
                yield CHANGED
                return
            until = min(size, at + _READ)
            block = _wanted(log, at, until, streams)
            at = until
            for low, high in gaps(log.fd, at, size):
                if low == at:
                    block += gap_text(high - low)
                    at = high
                break
        yield block


def _wanted(log: LogFile, start: int, end: int, streams: set[int]) -> bytes:
    data = log.read(start, end - start)
    if len(streams) == len(_STREAMS["all"]):
        return data
    return b"".join(
        data[low - start : high - start]
        for low, high, stream in log.attribution.spans(start, end)
        if stream in streams
    )
