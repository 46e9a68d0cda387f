"""``ops.form(module)``: the form of one module, in a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .session import service

if TYPE_CHECKING:
    from ..ui.controls.argparse_form import ArgparseForm


def form(module: str, *, environment: str = "") -> ArgparseForm:
    """The form of a module; it follows the module's source until it is closed.

    Raises:
        ModuleError: the module is not there, or its parser cannot be read.
        EnvironmentNotUsable: the interpreter is not there.
    """
    from ..ui.live_form import live_form  # widgets load when one is shown

    return live_form(service(), module, environment)
