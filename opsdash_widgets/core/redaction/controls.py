"""Terminal escapes, control codes and direction overrides: taken out of text."""

from __future__ import annotations

import re

_CSI_BODY = r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}"
CSI = _CSI_BODY + "[@-~]"
"""A control sequence (ECMA-48 §5.4): parameters, intermediates, final byte."""

_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,4096}"
"""An operating-system command or another control string (ECMA-48 §5.6), at most 4 KB;
OSC 8 (links) and OSC 52 (the clipboard) are of this kind."""
_STRING_END = r"(?:\x07|\x1b\\|\x9c|(?=\n)|\Z)"

ESCAPE = re.compile(
    rf"{_STRING}{_STRING_END}|{_CSI_BODY}(?:[@-~]|(?=\n)|\Z)|\x1b[ -/]{{0,8}}[0-~]"
)
"""Any escape sequence; one that is not finished ends with its line."""

_CONTROLS = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and newline, DEL, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks and overrides
    "\u200b\u2060\ufeff"  # invisible: they would split a keyword unseen
    "]"
)
_UNENCODABLE = re.compile("[\ud800-\udfff]")
_LINE_SEPARATORS = re.compile("[\u2028\u2029]")


def strip_controls(text: str) -> str:
    """Text without escapes, control codes (but tab and newline) and overrides.

    Lone surrogates (undecodable bytes of a file name or an argument) become U+FFFD, so
    that the result can always be encoded.
    """
    if text.isprintable():
        return text
    if "\x1b" in text or not text.isascii():
        text = ESCAPE.sub("", text)
    text = _CONTROLS.sub("", text)
    if text.isascii():
        return text
    return _LINE_SEPARATORS.sub(" ", _UNENCODABLE.sub("\ufffd", text))
