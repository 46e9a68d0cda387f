"""One validation from the request to its verdicts, in the target interpreter."""

from __future__ import annotations

import os
import runpy
import sys
from typing import Any

from . import guard, on_import, validate_argparse, validate_click
from .locate import locate
from .validate_trial import Trial


def run(answer_on: int, request: dict[str, Any]) -> None:
    """Run the module with the first argv; the others branch off where it parses."""
    os.write(answer_on, b"{}\n")  # says that a usable Python was started
    folder: str = request["folder"]
    sys.path.insert(0, folder)
    module: str = request["module"]
    path = locate(module, sys.path).path
    guard.limit_resources(request["timeout_s"])
    trial = Trial(answer_on, request)
    validate_argparse.install(trial)
    on_import.Follower(validate_click.wanted(trial)).install()
    trial.install(path)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as leaving:
        trial.ended(leaving)
    except BaseException as error:
        trial.ended(error)
    trial.ended(None)
