"""One line of a log as it is shown, and how raw bytes become one."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ..redaction import MASK, PemState, Redactor
from .ansi import Style, shown
from .holes import gap_words

CAP = 8 * 1024
"""Characters of a line that are shown before it is cut."""


class Gap(NamedTuple):
    """What is gone in one place: so many bytes, and so many lines.

    ``lines`` is ``None`` where it is not known, as when a reader was overtaken.
    """

    size: int
    lines: int | None

    @property
    def words(self) -> str:
        """What stands in its place."""
        return gap_words(self.size, self.lines)


class LogLine(msgspec.Struct, frozen=True):
    """One line of output, safe to show; or what says that some were cut out here.

    Attributes:
        number: from 0, among what can be read. A gap counts as one line, so numbers
            behind it become less when it grows.
        text: plain, redacted, without its newline.
        stream: ``out``, ``err`` or ``mixed`` (not known, or both in one line).
        time: when its first byte was written, seconds since the epoch, or ``None``.
        cut: whether it is longer than what is shown.
        styles: (start, end, names) of what the job coloured, as ``red bold``.
        lost: what to add to ``number`` for the line's number in all that the run
            printed; that one never changes.
        gap: what is gone in this place; then the line is none of the run's.
    """

    number: int
    text: str
    stream: str = "mixed"
    time: float | None = None
    cut: bool = False
    styles: tuple[Style, ...] = ()
    lost: int = 0
    gap: Gap | None = None


def drawn(
    raw: bytes, redactor: Redactor, keys: PemState, cap: int = CAP
) -> tuple[str, tuple[Style, ...], bool]:
    """(text, styles, cut) of the bytes of one line.

    Args:
        raw: the bytes without their newline.
        redactor: what masks secrets.
        keys: knows whether the line lies inside a private key; takes the line.
        cap: the most characters of the text.
    """
    plain, styles = shown(raw.decode("utf-8", "replace"))
    if keys.inside(plain):
        return MASK, (), False
    text = redactor.line(plain)
    if styles and text != plain:
        styles = _moved(styles, plain, text)
    if len(text) <= cap:
        return text, styles, False
    kept = tuple((low, min(high, cap), name) for low, high, name in styles if low < cap)
    return text[:cap], kept, True


def _moved(styles: tuple[Style, ...], before: str, after: str) -> tuple[Style, ...]:
    """Styles for a text of which something was masked.

    What is equal from the front keeps its place, what is equal from the back moves
    along, and an edge in between goes to the end of what was masked.
    """
    most = min(len(before), len(after))
    front = 0
    while front < most and before[front] == after[front]:
        front += 1
    back = 0
    while back < most - front and before[-1 - back] == after[-1 - back]:
        back += 1

    def place(at: int) -> int:
        if at <= front:
            return at
        if at >= len(before) - back:
            return at + len(after) - len(before)
        return len(after) - back

    moved = ((place(low), place(high), name) for low, high, name in styles)
    return tuple(style for style in moved if style[0] < style[1])
