"""What a converter says of the path that its argument takes; it is never called."""

from __future__ import annotations

import argparse
import pathlib
from typing import Any


def described(converter: Any) -> dict[str, Any]:
    """``path`` and ``must_exist`` of an argument; nothing where it takes no path."""
    if isinstance(converter, argparse.FileType):
        mode = getattr(converter, "_mode", "")
        # "-" is read too: the standard input is no file that could be missing.
        return {"path": "file", "must_exist": "r" in str(mode)}
    if isinstance(converter, type) and issubclass(converter, pathlib.PurePath):
        return {"path": "any", "must_exist": False}
    return {}
