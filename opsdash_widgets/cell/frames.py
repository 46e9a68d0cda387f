"""Tables as pandas frames, where pandas is there."""

from __future__ import annotations

from typing import Any

from ..core.errors import OpsdashError


def imported_pandas() -> Any:
    """The module pandas, which nothing else here needs.

    Raises:
        OpsdashError: it is not installed.
    """
    try:
        import pandas
    except ImportError as error:
        raise OpsdashError(
            "pandas is not installed here.",
            "Install it, or use `to_dicts()`, which needs nothing.",
        ) from error
    return pandas
