"""The form of a module without a parser: the date tokens that its source names."""

from __future__ import annotations

import re
from pathlib import Path

from ..model import Argument, Group, ParserSpec

TOKENS = ("COB_DATE", "RUN_DATE", "START_DATE", "END_DATE")
"""Names of dates that modules without a parser take, in their usual order."""

_HELP = {
    "COB_DATE": "Close-of-business date (YYYY-MM-DD).",
    "RUN_DATE": "Date of the run (YYYY-MM-DD).",
    "START_DATE": "First date (YYYY-MM-DD).",
    "END_DATE": "Last date (YYYY-MM-DD).",
}
_LIBRARIES = {
    "absl.flags": r"(?:from absl import .*\bflags\b|from absl\.flags\b|import absl\b)",
    "docopt": r"(?:from|import) docopt\b",
    "cyclopts": r"(?:from|import) cyclopts\b",
    "cleo": r"(?:from|import) cleo\b",
    "plumbum.cli": r"(?:from plumbum import .*\bcli\b|from plumbum\.cli\b)",
    "optparse": r"(?:from|import) optparse\b",
    "getopt": r"(?:from|import) (?:\w+, )*getopt\b",
}
"""Libraries that show no list of their arguments, and how they are imported."""
_SOURCE_LIMIT = 1_000_000
_READS_VARIABLE = r"(?:environ|getenv)[^\n]{{0,20}}[\"']{token}[\"']"


def plain_parser(path: str) -> tuple[ParserSpec, tuple[str, ...]]:
    """The positional date tokens of a module's source, and what else to know.

    A token that is read from the environment is no argument: a sentence says so.
    """
    source = _source(path)
    variables = [token for token in TOKENS if _reads_variable(source, token)]
    named = [
        token
        for token in TOKENS
        if token not in variables and re.search(rf"\b{token}\b", source)
    ]
    tokens = sorted(named, key=source.index) if "argv" in source else []
    arguments = tuple(
        Argument(id=token, dest=token, nargs="?", metavar=token, help=_HELP[token])
        for token in tokens
    )
    groups = (Group(title="Dates", arguments=tuple(tokens)),) if tokens else ()
    warnings = tuple(
        f"It reads {token} from the environment: set it as a variable."
        for token in variables
    )
    library = _library(source)
    if library:
        warnings = (by_hand(library), *warnings)
    return ParserSpec(arguments=arguments, groups=groups), warnings


def by_hand(library: str) -> str:
    """The sentence for a module that reads its arguments by other means."""
    return (
        f"It reads its arguments with {library}, which shows no list of them: give "
        "them by hand."
    )


def _library(source: str) -> str:
    for name, pattern in _LIBRARIES.items():
        if re.search(r"^\s*" + pattern, source, re.MULTILINE):
            return name
    return ""


def _source(path: str) -> str:
    if not path.endswith(".py"):
        return ""
    try:
        return Path(path).read_text("utf-8", "replace")[:_SOURCE_LIMIT]
    except OSError:
        return ""


def _reads_variable(source: str, token: str) -> bool:
    return re.search(_READS_VARIABLE.format(token=token), source) is not None
