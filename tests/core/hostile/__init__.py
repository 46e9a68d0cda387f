"""Modules made to be hard to read and hard to fill in; each says how in its docstring.

They stand in ``modules``, run in any Python from 3.8 on, and have a ``build_parser``.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "modules"
MODULES = tuple(sorted(path.stem for path in FOLDER.glob("*.py")))
