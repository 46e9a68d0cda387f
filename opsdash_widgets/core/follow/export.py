"""A log as one redacted text, piece by piece; both streams or one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..redaction import PemState, Redactor
from .attribution import ERR, MIXED, OUT
from .blocks import Block, block
from .line import drawn
from .pages import Pages

if TYPE_CHECKING:
    from .logfile import LogFile

_LONGEST = 1024 * 1024
"""A longer line is redacted in pieces, parted at a space where there is one."""
_STREAMS = {"all": {OUT, ERR, MIXED}, "out": {OUT, MIXED}, "err": {ERR, MIXED}}
CHANGED = b"\n[The log was replaced or cut while it was being exported.]\n"


def export(log: LogFile, stream: str) -> Iterator[bytes]:
    """See ``LogFile.export``.

    A line is assembled from the bytes of the wanted streams alone, so that two streams
    that tore each other's lines come out whole. As in the view a progress line stands
    as it was last drawn, and what is gone is a line of its own.
    """
    keys, pending = PemState(), b""
    for piece in _blocks(log):
        if piece.gap is not None:
            torn = _text(pending, log.redactor, keys) + "\n" if pending else ""
            yield f"{torn}{piece.gap.words}\n".encode()
            keys, pending = keys_behind(log, piece.end), b""
            continue
        data = _wanted(log, piece, _STREAMS[stream])
        *lines, pending = (pending + data).split(b"\n")
        if lines:
            yield "".join(
                _text(line, log.redactor, keys) + "\n" for line in lines
            ).encode()
        while len(pending) > _LONGEST:
            part, pending = _parted(pending)
            yield _text(part, log.redactor, keys).encode()
    if pending:
        yield _text(pending, log.redactor, keys).encode()


def _text(raw: bytes, redactor: Redactor, keys: PemState) -> str:
    return drawn(raw, redactor, keys, cap=len(raw) + 1)[0]


def _parted(raw: bytes) -> tuple[bytes, bytes]:
    at = raw.rfind(b" ", _LONGEST // 2, _LONGEST)
    at = _LONGEST if at < 0 else at
    return raw[:at], raw[at:]


def _blocks(log: LogFile) -> Iterator[Block]:
    """Everything, up to what is written when it begins."""
    log.refresh()  # a log that is still being taken in would end too early
    at, size, generation = 0, log.size, log.generation
    while at < size:
        piece = block(log, at, size)
        if log.generation != generation or piece.end <= at:
            yield Block(at, at, CHANGED)
            return
        at = piece.end
        yield piece


def _wanted(log: LogFile, piece: Block, streams: set[int]) -> bytes:
    if len(streams) == len(_STREAMS["all"]) or not piece.is_written:
        return piece.data
    with log.lock:
        spans = log.attribution.spans(piece.start, piece.end)
    return b"".join(
        piece.data[low - piece.start : high - piece.start]
        for low, high, stream in spans
        if stream in streams
    )


def keys_behind(log: LogFile, offset: int) -> PemState:
    """Whether a key, of which the beginning is gone, reaches out of a gap."""
    return log.steady(lambda: Pages(log.fd, log.index).keys_before(offset))
