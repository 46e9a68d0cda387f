"""Launch, watch and understand long-running Python modules.

``import opsdash_widgets as ops``; then ``ops.Dashboard()`` is the panel, and
``ops.launch("runners.price_options", paths=200_000)`` a run without it. Names are
imported when they are first used: importing the package imports nothing heavy.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import magics
from ._version import __version__

_HOMES = {
    "ArgparseForm": "ui.controls.argparse_form",
    "ConfigEditor": "ui.controls.config_editor",
    "Dashboard": "ui.app",
    "GroupHandle": "cell",
    "LogTail": "ui.controls.log_tail",
    "ModulePicker": "ui.controls.module_picker",
    "OpsdashError": "core.errors",
    "RunCard": "ui.controls.run_card",
    "RunHandle": "cell",
    "RunList": "cell",
    "RunTable": "ui.controls.run_table",
    "SweepTable": "ui.controls.sweep_table",
    "form": "cell",
    "group": "cell",
    "launch": "cell",
    "modules": "cell",
    "presets": "cell",
    "register_control": "ui.controls.registered",
    "run": "cell",
    "runs": "cell",
    "service": "cell",
    "spec": "cell",
    "sweep": "cell",
}

__all__ = [
    "ArgparseForm",
    "ConfigEditor",
    "Dashboard",
    "GroupHandle",
    "LogTail",
    "ModulePicker",
    "OpsdashError",
    "RunCard",
    "RunHandle",
    "RunList",
    "RunTable",
    "SweepTable",
    "__version__",
    "form",
    "group",
    "launch",
    "modules",
    "presets",
    "register_control",
    "run",
    "runs",
    "service",
    "spec",
    "sweep",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home on first use."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = importlib.import_module(f".{_HOMES[name]}", __name__)
    value = getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


def load_ipython_extension(shell: Any) -> None:
    """Let IPython know ``%oprun``: ``%load_ext opsdash_widgets``."""
    magics.register(shell)


# Whoever imports the package in a notebook need not load the extension by hand.
magics.register_if_interactive()
