"""Keep a form true to its module's source, with what the user typed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import msgspec

from opsdash_widgets.core.discovery import ModuleWatch
from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.model import ModuleSpec
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.core.service import Service
from opsdash_widgets.ui.controls.argparse_form import ArgparseForm

LOOK_S = 0.5
"""How long between two looks at the sources."""
_SETTLE_S = 0.1
_LOOKS_TO_SETTLE = 5


class FormFollowing:
    """Looks whether a form's module has changed, and brings the form up to date.

    A module that cannot be read any more keeps its last good form, with the reason.

    Args:
        service: what is asked.
        form: the form.
        environment: the name of the environment that the form is for, now.
    """

    def __init__(
        self, service: Service, form: ArgparseForm, environment: Callable[[], str]
    ) -> None:
        self._service = service
        self._form = form
        self._environment = environment
        self._watch: ModuleWatch | None = None
        self._followed = ("", "")
        self._trouble = ""
        self.module = ""

    async def show_last(self, module: str) -> None:
        """Show the last good form of a module whose source has changed since.

        What it is now is asked behind, and takes a while.
        """
        try:
            await self.follow(module)
        except OpsdashError:
            return  # whoever asks for the spec is told why there is none
        watch, form = self._watch, self._form
        if watch is None or watch.last is None or form.spec.get("module") == module:
            return
        if await asyncio.to_thread(watch.changed) and watch is self._watch:
            form.show(watch.last)
            form.loading = True

    async def follow(self, module: str) -> None:
        """Look at the sources of a module from now on.

        Raises:
            EnvironmentNotUsable: its interpreter or working folder is not there.
        """
        self.module = module
        self._followed = (module, self._environment())
        self._watch = await asyncio.to_thread(
            self._service.watch_module, module, environment=self._followed[1]
        )

    async def look(self) -> bool:
        """Look once; whether the form has changed."""
        if not self.module:
            return False
        if self._followed != (self.module, self._environment()) or self._watch is None:
            await self.follow(self.module)
        watch = self._watch
        if watch is None or not await asyncio.to_thread(_has_settled, watch):
            return False
        return await self.refresh()

    async def refresh(self) -> bool:
        """Ask the module anew; whether the form has changed."""
        watch, module = self._watch, self.module
        try:
            spec = await asyncio.to_thread(
                self._service.module_spec, module, environment=self._followed[1]
            )
        except OpsdashError as error:
            if watch is self._watch and not self._form.loading:
                self._tell_trouble(error)
            return False
        if watch is not self._watch or self._form.loading:
            return False
        if watch is not None:
            watch.renew()
        return self._take(spec)

    def _take(self, spec: ModuleSpec) -> bool:
        form = self._form
        told, self._trouble = self._trouble, ""
        if told and form.changes == told:
            form.changes = ""
        before = form.spec.get("parser") if form.spec else None
        if before == msgspec.to_builtins(spec.parser):
            return False
        form.show(spec)
        return True

    def _tell_trouble(self, error: OpsdashError) -> None:
        form = self._form
        if not form.spec:
            form.show_problem(error, module=self.module)
            return
        told = f"{error.message} The form is as it last was. {error.next_step}"
        form.changes_level = "warn"
        self._trouble = form.changes = safe_text(told.strip())


def _has_settled(watch: ModuleWatch) -> bool:
    """Whether something has changed; waits while it still does: half a file is none."""
    if not watch.changed():
        return False
    for _ in range(_LOOKS_TO_SETTLE):
        time.sleep(_SETTLE_S)
        if not watch.changed():
            break
    return True
