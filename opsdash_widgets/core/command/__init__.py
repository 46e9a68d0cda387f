"""Turn the values of a form into the command line that the module's parser reads."""

from __future__ import annotations

from .build import build
from .check import check_value
from .keywords import form_values, overridden
from .line import CommandLine, free_line, python_call, shell_line

__all__ = [
    "CommandLine",
    "build",
    "check_value",
    "form_values",
    "free_line",
    "overridden",
    "python_call",
    "shell_line",
]
