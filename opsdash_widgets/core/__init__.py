"""The core: everything that is true of a run, with no UI and no web in it."""

from __future__ import annotations

import os


def refuse_windows(system: str = os.name) -> None:
    """Say at once where the package cannot work.

    Raises:
        ImportError: this is Windows, which has neither flock nor process groups.
    """
    if system == "nt":
        raise ImportError(
            "opsdash_widgets does not run on Windows; use it in WSL, or on Linux."
        )


refuse_windows()
