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
    return ParserSpec(arguments=arguments, groups=groups), warnings


def _source(path: str) -> str:
    if not path.endswith(".py"):
        return ""
    try:
        return Path(path).read_text("utf-8", "replace")[:_SOURCE_LIMIT]
    except OSError:
        return ""


def _reads_variable(source: str, token: str) -> bool:
    return re.search(_READS_VARIABLE.format(token=token), source) is not None
