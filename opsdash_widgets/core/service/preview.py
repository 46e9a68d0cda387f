"""What a launch would do, without doing it."""

from __future__ import annotations

import msgspec


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """The whole of a launch as it would be; secrets are masked.

    Attributes:
        module: dotted name.
        argv: the arguments the module would see.
        shell_line: the command for a shell.
        python_call: the call for a notebook cell.
        interpreter: absolute path of the Python.
        cwd: working directory.
        environment: the environment's name, may be empty.
        variables: environment variables that would be set.
    """

    module: str
    argv: tuple[str, ...]
    shell_line: str
    python_call: str
    interpreter: str
    cwd: str
    environment: str = ""
    variables: dict[str, str] = {}
