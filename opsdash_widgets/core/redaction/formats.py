"""What a text needs before it may stand in HTML or in a spreadsheet."""

from __future__ import annotations

import html
import re

_FORMULA = re.compile("^[\\s]*[=+\\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]")
"""What makes a spreadsheet read a cell as a formula (OWASP, "CSV Injection")."""
_NUMBER = re.compile(r"^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$")


def escape_html(text: str) -> str:
    """Text as it may stand in HTML, inside an attribute too."""
    return html.escape(text, quote=True)


def csv_cell(value: object) -> str:
    """A value as the text of a CSV cell that no spreadsheet runs as a formula.

    A text that a spreadsheet would run gets an apostrophe in front; numbers stay
    numbers. Quoting is left to the ``csv`` module.
    """
    text = "" if value is None else str(value)
    if _FORMULA.match(text) and not _NUMBER.match(text):
        return "'" + text
    return text
