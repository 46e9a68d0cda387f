"""What a terminal would show of one line: text and styles.

A carriage return overwrites, a newline commits; colours and attributes become names,
everything else that a terminal obeys is dropped. Each line starts unstyled, because a
page of a large file is read without what stands before it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from ..redaction.controls import CSI, ESCAPE, strip_controls

Style = tuple[int, int, str]
"""(start, end, names): from and to a place in the text; names as in ``red bold``."""

FRAMES = 8
"""Frames of a progress line that are drawn over each other; a bar redraws the whole
line, so what lies further back is hidden anyway."""

_NEEDS_CARE = re.compile("[\x08\r\x1b\x9b]")
_TOKEN = re.compile(rf"(?P<csi>{CSI})|(?P<other>{ESCAPE.pattern})|(?P<move>[\r\x08])")
_CURSOR = re.compile(r"[\r\x08]|\x1b\[[0-9]*[KGCD]")
_ATTRIBUTES = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse"}
_ATTRIBUTES |= {9: "strike"}
_OFF = {22: ("bold", "dim"), 23: ("italic",), 24: ("underline",), 27: ("inverse",)}
_OFF |= {29: ("strike",)}
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_PALETTE = (  # xterm's sixteen, to find the nearest name of any other colour
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
)


def shown(raw: str) -> tuple[str, tuple[Style, ...]]:
    """The text of one line without its newline, and its styles."""
    raw = raw.removesuffix("\r")
    if not _NEEDS_CARE.search(raw):
        return strip_controls(raw), ()
    if _CURSOR.search(raw):
        return _Line().draw(_last_frames(raw)).result()
    return _styled(raw)


def _last_frames(raw: str) -> str:
    frames = raw.split("\r")
    return "\r".join(frames[-FRAMES:]) if len(frames) > FRAMES else raw


def _styled(raw: str) -> tuple[str, tuple[Style, ...]]:
    """A line with colours, but without any movement."""
    pen, parts = _Pen(), list[str]()
    styles: list[Style] = []
    length = at = 0
    for token in _TOKEN.finditer(raw):
        piece = strip_controls(raw[at : token.start()])
        if piece:
            _add(styles, length, length + len(piece), pen.name)
            parts.append(piece)
            length += len(piece)
        at = token.end()
        if token["csi"] and token["csi"].endswith("m"):
            pen.take(token["csi"])
    last = strip_controls(raw[at:])
    if last:
        _add(styles, length, length + len(last), pen.name)
    return "".join((*parts, last)), tuple(styles)


def _add(styles: list[Style], start: int, end: int, name: str) -> None:
    if not name:
        return
    if styles and styles[-1][1] == start and styles[-1][2] == name:
        start = styles.pop()[0]
    styles.append((start, end, name))


class _Line:
    """The cells of one terminal line and a cursor."""

    def __init__(self) -> None:
        self._cells: list[str] = []
        self._names: list[str] = []
        self._cursor = 0
        self._pen = _Pen()

    def draw(self, raw: str) -> _Line:
        at = 0
        for token in _TOKEN.finditer(raw):
            self._write(strip_controls(raw[at : token.start()]))
            at = token.end()
            if token["move"]:
                self._cursor = 0 if token["move"] == "\r" else max(0, self._cursor - 1)
            elif token["csi"]:
                self._obey(token["csi"])
        self._write(strip_controls(raw[at:]))
        return self

    def result(self) -> tuple[str, tuple[Style, ...]]:
        text = "".join(self._cells).rstrip(" ")
        styles: list[Style] = []
        for at, name in enumerate(self._names[: len(text)]):
            _add(styles, at, at + 1, name)
        return text, tuple(styles)

    def _write(self, text: str) -> None:
        end = self._cursor + len(text)
        gap = self._cursor - len(self._cells)
        if gap > 0:
            self._cells += " " * gap
            self._names += [""] * gap
        self._cells[self._cursor : end] = text
        self._names[self._cursor : end] = [self._pen.name] * len(text)
        self._cursor = end

    def _obey(self, sequence: str) -> None:
        final = sequence[-1]
        digits = sequence[2:-1]
        count = min(int(digits), 4096) if digits.isdecimal() else 0
        if final == "m":
            self._pen.take(sequence)
        elif final == "K":
            self._erase(count)
        elif final == "G":
            self._cursor = max(0, count - 1)
        elif final == "C":
            self._cursor = min(self._cursor + max(1, count), 4096)
        elif final == "D":
            self._cursor = max(0, self._cursor - max(1, count))

    def _erase(self, part: int) -> None:
        if part in (0, 2):
            del self._cells[self._cursor :], self._names[self._cursor :]
        if part in (1, 2):
            end = min(self._cursor + 1, len(self._cells))
            self._cells[:end] = " " * end
            self._names[:end] = [""] * end


class _Pen:
    """What "select graphic rendition" has set so far (ECMA-48 §8.3.117)."""

    def __init__(self) -> None:
        self._reset()

    def _reset(self) -> None:
        self._front = self._back = ""
        self._attributes: dict[str, None] = {}
        self.name = ""

    def take(self, sequence: str) -> None:
        """Obey one sequence."""
        body = sequence[2:-1] if sequence[0] == "\x1b" else sequence[1:-1]
        codes = [int(code) if code.isdecimal() else 0 for code in _split(body)]
        at = 0
        while at < len(codes):
            at += self._one(codes, at)
        names = (self._front, self._back and f"bg-{self._back}", *self._attributes)
        self.name = " ".join(name for name in names if name)

    def _one(self, codes: list[int], at: int) -> int:
        """Obey the code at a place; how many codes it took."""
        code = codes[at]
        if code == 0:
            self._reset()
        elif code in _ATTRIBUTES:
            self._attributes[_ATTRIBUTES[code]] = None
        elif code in _OFF:
            for name in _OFF[code]:
                self._attributes.pop(name, None)
        elif code in (38, 48):
            return self._extended(codes, at)
        else:
            self._colour(code)
        return 1

    def _colour(self, code: int) -> None:
        if 30 <= code <= 37:
            self._front = _NAMES[code - 30]
        elif code == 39:
            self._front = ""
        elif 40 <= code <= 47:
            self._back = _NAMES[code - 40]
        elif code == 49:
            self._back = ""
        elif 90 <= code <= 97:
            self._front = f"bright-{_NAMES[code - 90]}"
        elif 100 <= code <= 107:
            self._back = f"bright-{_NAMES[code - 100]}"

    def _extended(self, codes: list[int], at: int) -> int:
        """``38;5;n`` or ``38;2;r;g;b``: the nearest of the sixteen."""
        kind = codes[at + 1] if at + 1 < len(codes) else 0
        taken = {5: 3, 2: 5}.get(kind, 2)
        values = codes[at + 2 : at + taken]
        if len(values) == taken - 2 and values:
            name = _indexed(values[0]) if kind == 5 else _nearest(*values)
            if codes[at] == 38:
                self._front = name
            else:
                self._back = name
        return taken


def _split(body: str) -> list[str]:
    return body.replace(":", ";").split(";")


def _named(index: int) -> str:
    return _NAMES[index] if index < 8 else f"bright-{_NAMES[index - 8]}"


@lru_cache(256)
def _indexed(index: int) -> str:
    """The nearest name of one of xterm's 256 colours."""
    if index < 16:
        return _named(index)
    if index >= 232:
        return _nearest(*[8 + 10 * (min(index, 255) - 232)] * 3)
    levels = (0, 95, 135, 175, 215, 255)
    cube = index - 16
    return _nearest(levels[cube // 36], levels[cube // 6 % 6], levels[cube % 6])


@lru_cache(1024)
def _nearest(red: int, green: int, blue: int) -> str:
    def distance(index: int) -> int:
        other = _PALETTE[index]
        return (red - other[0]) ** 2 + (green - other[1]) ** 2 + (blue - other[2]) ** 2

    return _named(min(range(16), key=distance))
