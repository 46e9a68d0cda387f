"""Masking of secrets: known ones exactly, unknown ones by keyword-gated rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import quote

from .assignments import MASK, NAME_KEYWORDS, mask_assigned
from .controls import strip_controls
from .rules import RULES, Rule

SHORTEST_SECRET = 3
"""A known secret shorter than this is not masked: it would mask half of every text."""
SHORTEST_SECRET_LINE = 8
"""A line of a known secret of several lines is masked alone from this length on."""

PEM_BEGIN = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
"""The first line of a private key (RFC 7468 §10, §11, RFC 4880 §6.2)."""
PEM_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
PEM_LONGEST = 512
"""A key without its last line is taken to end after this many lines (RSA 16384 bit has
200)."""
_PEM_IN_LINE = re.compile(
    rf"({PEM_BEGIN.pattern}).*?(?:({PEM_END.pattern})|$)", re.DOTALL
)
_PEM_BODY = re.compile(
    r"""[^A-Za-z0-9+/=]*(?:[\w.-]+\s*\|\s*)?(?:[A-Za-z0-9+/=]{1,20000}|"""
    r"""[A-Z][\w-]*:\s.*)?[\s"',\\n]*$"""
)
"""A line of base64 (with what logs put before and after it), a header, or nothing."""

_NAMES = frozenset(NAME_KEYWORDS)
_SLOTS = tuple(dict.fromkeys(word for rule in RULES for word in rule.keywords))
_BY_WORD: dict[str, tuple[Rule, ...]] = {
    word: tuple(rule for rule in RULES if word in rule.keywords) for word in _SLOTS
}


class PemState:
    """Whether the next line of a text lies inside a private key."""

    def __init__(self) -> None:
        self._left = 0

    def inside(self, line: str) -> bool:
        """Take the next line; whether it belongs to a key begun on an earlier line."""
        if self._left > 0:
            self._left -= 1
            last = PEM_END.search(line) is not None
            if last or not _PEM_BODY.match(line):
                self._left = 0
            if last or self._left:
                return True
        begin = PEM_BEGIN.search(line) if "PRIVATE KEY" in line else None
        if begin and not PEM_END.search(line, begin.end()):
            self._left = PEM_LONGEST
        return False


class Redactor:
    """Masks secrets in text whose escapes were stripped before.

    Args:
        secrets: values that are known to be secret; also found where they stand
            URL-encoded or JSON-escaped, and line by line where they have several.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for secret in secrets for form in _forms(secret)}
        self._secrets = sorted(forms, key=lambda form: (-len(form), form))

    def __repr__(self) -> str:
        return f"Redactor({len(self._secrets)} known secrets)"

    def line(self, text: str) -> str:
        """One whole line with its secrets masked."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        lower = text.lower()
        seen = [word for word in _SLOTS if word in lower]
        if seen:
            text = _apply(seen, text, lower)
        if "-----" in text and "PRIVATE KEY" in text:
            text = _PEM_IN_LINE.sub(rf"\1{MASK}\2", text)
        return text

    def text(self, text: str) -> str:
        """Several lines with their secrets masked, keys that span lines too."""
        if "\n" not in text:
            return self.line(text)
        pem = PemState()
        return "\n".join(
            MASK if pem.inside(line) else self.line(line) for line in text.split("\n")
        )


def _apply(seen: list[str], text: str, lower: str) -> str:
    before = text
    for rule in dict.fromkeys(rule for word in seen for rule in _BY_WORD[word]):
        text = rule.pattern.sub(rule.replacement, text)
    if _NAMES.isdisjoint(seen):
        return text
    if text is not before or len(lower) != len(text):
        lower = _lower(text)
    return mask_assigned(text, lower)


def _lower(text: str) -> str:
    """Lower case of the same length (``İ`` would become two characters)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def _forms(secret: str) -> set[str]:
    lines = secret.splitlines() if "\n" in secret.strip() else []
    texts = {secret.strip(), *(line.strip() for line in lines)}
    shortest = SHORTEST_SECRET_LINE if lines else SHORTEST_SECRET
    kept = {text for text in texts if len(text) >= shortest}
    escaped = {json.dumps(text)[1:-1] for text in kept}
    return kept | escaped | {quote(text, safe="") for text in kept}


_PATTERNS_ONLY = Redactor()


def safe_text(text: str, limit: int | None = None) -> str:
    """Text that is safe to show: no escapes, no control codes, no secrets.

    Args:
        text: any text from a job, a file, a user.
        limit: the most characters of the result, ``…`` included; ``None``: no limit.

    Returns:
        The text; tabs and newlines are kept.
    """
    clean = _PATTERNS_ONLY.text(strip_controls(text))
    if limit is not None and len(clean) > limit:
        return clean[: max(0, limit - 1)] + "…"
    return clean
