"""A named place to run in: interpreter, variables, working directory."""

from __future__ import annotations

import msgspec


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """Where a run runs.

    Attributes:
        name: ``DEV``, ``UAT``, ``PROD`` or any section of ``config.ini``.
        interpreter: absolute path of the Python that runs the module.
        variables: environment variables to set over the panel's own.
        cwd: working directory; relative paths of the module start here.
        production: launching here asks once, naming module and environment.
    """

    name: str = ""
    interpreter: str = ""
    variables: dict[str, str] = {}
    cwd: str = ""
    production: bool = False
