"""Import the module that registers a project's own controls, when a panel opens."""

from __future__ import annotations

import importlib
import sys
import traceback

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.settings import Settings


def load_controls(settings: Settings) -> None:
    """Import the setting ``controls_module``; once it is, a panel more imports nothing.

    Raises:
        OpsdashError: it cannot be imported; the details hold its traceback.
    """
    name = settings.controls_module
    if not name:
        return
    project = str(settings.project)
    if project not in sys.path:
        sys.path.append(project)
    try:
        importlib.import_module(name)
    except (Exception, SystemExit) as error:
        said = f"{type(error).__name__}: {error}".rstrip(".")
        raise OpsdashError(
            f"The controls of `{name}` could not be loaded: {said}.",
            "Correct it, or the setting `controls_module`, and open the panel again.",
            traceback.format_exc(),
        ) from error
