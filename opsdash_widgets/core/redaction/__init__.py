"""The one place that removes secrets, escapes and control codes on the way out.

What a job writes stays raw on disk (mode 0600); every way out of it goes through here:
first escapes and control codes are stripped (:func:`strip_controls`), then secrets are
masked on whole lines (:class:`Redactor`), then the text is truncated
(:func:`safe_text` does all three).
"""

from __future__ import annotations

from .assignments import MASK, looks_secret
from .controls import strip_controls
from .formats import csv_cell, escape_html
from .redactor import PEM_BEGIN, PEM_END, PemState, Redactor, safe_text

__all__ = [
    "MASK",
    "PEM_BEGIN",
    "PEM_END",
    "PemState",
    "Redactor",
    "csv_cell",
    "escape_html",
    "looks_secret",
    "safe_text",
    "strip_controls",
]
