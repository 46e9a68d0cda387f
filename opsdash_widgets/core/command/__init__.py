"""Turn the values of a form into the command line that the module's parser reads."""

from __future__ import annotations

from .build import build
from .check import check_value
from .keywords import form_values
from .line import CommandLine, python_call, shell_line

__all__ = [
    "CommandLine",
    "build",
    "check_value",
    "form_values",
    "python_call",
    "shell_line",
]
