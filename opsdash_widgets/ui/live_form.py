"""A module's form that follows its source, for a cell or a page of one's own."""

from __future__ import annotations

import asyncio
import contextlib

from ..core.errors import OpsdashError
from ..core.service import Service
from .controls.argparse_form import ArgparseForm
from .live import run_in_background
from .pages.form_following import LOOK_S, FormFollowing


def live_form(service: Service, module: str, environment: str = "") -> ArgparseForm:
    """The form of a module; it follows the module's source until it is closed.

    Raises:
        ModuleError: the module is not there, or its parser cannot be read.
        EnvironmentNotUsable: the interpreter or the working folder is not there.
    """
    form = ArgparseForm()
    form.show(service.module_spec(module, environment=environment))
    following = FormFollowing(service, form, lambda: environment)
    following.module = module

    async def follow() -> None:
        while form.comm is not None:
            with contextlib.suppress(OpsdashError):  # an environment is being edited
                await following.look()
            await asyncio.sleep(LOOK_S)

    run_in_background(follow())
    return form
