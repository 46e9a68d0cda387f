"""The notebooks are tested on a home folder of their own."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest

_HOME = Path(tempfile.mkdtemp(prefix="opsdash-notebooks-"))
os.environ["OPSDASH_HOME"] = str(_HOME)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Remove it when all of them are done."""
    shutil.rmtree(_HOME, ignore_errors=True)
