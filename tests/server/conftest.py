"""One standalone server for the tests of the server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.serving import Served, standalone


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A standalone server of this module's own, with an empty home and project."""
    root = tmp_path_factory.mktemp("server")
    (root / "home").mkdir(mode=0o700)
    (root / "project").mkdir()
    with standalone(root / "home", root / "project") as served:
        yield served
