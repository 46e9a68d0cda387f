"""Values that stand beside a telling name: ``password = x``, ``--api-key x``.

A pattern that begins anywhere is slow, and lines that speak of keys and tokens are
common. So the telling words are found as plain texts, and only what stands around one
is matched.
"""

from __future__ import annotations

import re

MASK = "••••••"
"""What stands in the place of a secret."""

_WORDS = (
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pwd",
    "secret",
    "credential",
    "token",
    "key",
)
NAME_KEYWORDS = ("pass", *_WORDS[4:])
"""Without one of these in a text there is nothing to look for."""
_NUMBERS_TOO = _WORDS[:7]
"""Beside these a number is a secret as well; a token count or a key is not."""
_KEY_KINDS = re.compile(
    r"(?:api|access|secret|private|auth|signing|encryption|account|master|license|"
    r"shared|storage|subscription|service|session|ssh|consumer|app)[_-]?$"
)
"""What makes a key one that is kept: ``key=EURUSD`` is none."""
_KEY_KIND_LENGTH = 13

_WHERE = (
    r"(?:(?<=credential)s)?"
    r"(?:[_-]?(?:prod|uat|dev|test|value|b64|base64|hex|raw|old|new|main|\d+))?"
)
"""What may follow the telling word in a name (``DB_PASSWORD_PROD``)."""
_QUOTED = (
    r'\\+"(?P<escaped>.*?)(?:\\+"|$)'
    r'|"(?P<double>(?:[^"\\]|\\.)*)(?:"|$)'
    r"|'(?P<single>(?:[^'\\]|\\.)*)(?:'|$)"
)
_BARE = r"""(?P<bare>(?:(?![&,;]\s?[\w.-]+[=:])[^\s"'<>])+)"""
_VALUE = rf"(?:[bru]{{0,2}}(?:{_QUOTED})|{_BARE})"
_ASSIGNED = re.compile(
    rf"""(?i){_WHERE}(?:\\*["'])?\]?\s{{0,8}}(?::=|=>|==?|:)\s{{0,8}}{_VALUE}"""
)
_AFTER_OPTION = re.compile(rf"(?i){_WHERE}\s+(?!--?[a-z]){_VALUE}")
_WHOLE_NAME = re.compile(rf"(?i){_WHERE}$")

_NOT_SECRET = re.compile(
    r"""(?ix)^(?:
        |none|null|nil|true|false|undefined|unset|empty|missing|required|invalid
        |expired|str|bytes|string|int|bool|any|object|optional\[.*|secretstr.*|\*+|•+
        # not yet filled in:
        |(?-i:\$[A-Z_][A-Z0-9_]*)|\$\{[^}]*\}|%\(\w*\)s|%s|\{\w*\}|<[\w\ -]*>
        |\[[\d,.\ ]*\]?
        # source text:
        |(?:os|self|args|config|settings|getpass|getenv|env)[.\[(].*
    )$"""
)
_PATH = re.compile(r"^(?:~|\.{1,2}|[A-Za-z]:)?[/\\](?:[\w .-]+[/\\])+[\w .-]*$")
_NUMBER = re.compile(r"^[+-]?\d+(?:\.\d+)?%?$")
_CLOSING = ")]},;."
_NAME_LETTER = re.compile(r"[\w.-]$")
_BEFORE_OPTION = re.compile(r"(?:^|[^\w-])--?(?:\w[\w.-]*)?$")
_LONGEST_NAME = 64


def looks_secret(name: str) -> bool:
    """Whether an argument or a variable of this name is expected to hold a secret."""
    lower = name.lower()
    return any(_WHOLE_NAME.match(name, end) for _, end in _telling(lower))


def mask_assigned(text: str, lower: str) -> str:
    """A line with the values beside telling names masked.

    Args:
        text: the line.
        lower: the same in lower case, of the same length.
    """
    parts: list[str] = []
    done = 0
    for start, end in _telling(lower):
        if start < done:
            continue
        value = _value(text, lower, start, end)
        if value is not None:
            parts += (text[done : value[0]], MASK)
            done = value[1]
    return "".join((*parts, text[done:])) if parts else text


def _telling(lower: str) -> list[tuple[int, int]]:
    """Where the telling words of a text begin and end, in their order."""
    found = []
    for word in _WORDS:
        at = lower.find(word)
        while at >= 0:
            end = at + len(word)
            kind = lower[max(0, at - _KEY_KIND_LENGTH) : at]
            if word != "key" or _KEY_KINDS.search(kind):
                found.append((at, end))
            at = lower.find(word, end)
    return sorted(found)


def _value(text: str, lower: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the secret value beside a telling word stands, if there is one."""
    match = _ASSIGNED.match(text, end)
    if match is None:
        before = text[max(0, start - _LONGEST_NAME) : start]
        if not _BEFORE_OPTION.search(before):
            return None
        match = _AFTER_OPTION.match(text, end)
    if match is None:
        return None
    kinds = ("escaped", "double", "single", "bare")
    group = next((kind for kind in kinds if match[kind] is not None), "bare")
    value = match[group] or ""
    if group == "bare" and not _NOT_SECRET.match(value):
        value = value.rstrip(_CLOSING)
    if not _is_secret(value.strip(), lower, start, end):
        return None
    return match.start(group), match.start(group) + len(value)


def _is_secret(value: str, lower: str, start: int, end: int) -> bool:
    word = lower[start:end]
    if _NOT_SECRET.match(value):
        return False
    if word == "pwd" and value.startswith("/"):  # the shell's PWD and OLDPWD
        return _NAME_LETTER.search(lower[:start].removesuffix("old")) is not None
    if _PATH.match(value):
        return word == "key" and "access" in lower[max(0, start - 8) : start]
    return word in _NUMBERS_TOO or not _NUMBER.match(value)
