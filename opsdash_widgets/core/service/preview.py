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
        limits: limit name -> value (``model.LIMITS``), those of the settings too.
        verdict: what the module's own parser says: ``accepted``, ``refused``,
            ``unknown`` or ``off``; empty where it was not asked.
        verdict_message: its own words, or why nothing is known.
        verdict_fields: paths of the fields that it names.
    """

    module: str
    argv: tuple[str, ...]
    shell_line: str
    python_call: str
    interpreter: str
    cwd: str
    environment: str = ""
    variables: dict[str, str] = {}
    limits: dict[str, float] = {}
    verdict: str = ""
    verdict_message: str = ""
    verdict_fields: tuple[str, ...] = ()
