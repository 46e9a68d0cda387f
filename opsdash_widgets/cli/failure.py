"""An error in one sentence on stderr, with the details where they were asked for."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import time
import traceback as tracebacks
from collections.abc import Iterator
from pathlib import Path

from ..core.errors import ConfirmationNeeded, OpsdashError, ValuesError
from ..core.redaction import safe_text
from .terminal import tell


def explain(error: Exception, *, verbose: bool, traceback: bool) -> int:
    """Say what went wrong and what to do.

    Returns:
        The exit code.
    """
    if traceback:
        sys.stderr.write(_traceback(error))
    if not isinstance(error, OpsdashError):
        return _explain_unexpected(error, shown=traceback)
    tell(_sentence(error))
    if isinstance(error, ValuesError):
        for field, words in error.fields.items():
            if error.message not in (words, f"{field}: {words}"):
                tell(f"  {field}: {words}" if field else f"  {words}", prefix="")
    if verbose and error.details:
        tell(error.details.rstrip(), prefix="")
    return error.exit_code


def _sentence(error: OpsdashError) -> str:
    if isinstance(error, ConfirmationNeeded):
        return f"{error.question} Add --yes to confirm it."
    return str(error)


def _explain_unexpected(error: Exception, *, shown: bool) -> int:
    what = f"{type(error).__name__}: {error}"
    if shown:
        tell(f"Something unexpected happened ({what}).")
        return 1
    path = _written(error)
    where = f"The traceback is in {path}." if path else "Add --traceback to see where."
    tell(f"Something unexpected happened ({what}). {where}")
    return 1


def _written(error: Exception) -> Path | None:
    """Where the traceback was written, for its owner alone."""
    stamp = time.strftime("%Y%m%dT%H%M%S")
    for folder in _folders():
        try:
            descriptor, name = tempfile.mkstemp(
                prefix=f"opsdash-error-{stamp}-", suffix=".txt", dir=folder
            )
            with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
                opened.write(_traceback(error))
        except OSError:
            continue
        return Path(name)
    return None


def _folders() -> Iterator[Path]:
    from ..core.settings import home_folder

    with contextlib.suppress(OpsdashError):
        yield home_folder() / "logs"
    yield Path(tempfile.gettempdir())


def _traceback(error: Exception) -> str:
    return safe_text("".join(tracebacks.format_exception(error)))
