"""The page Run follows the sources: its list of modules, and the form that is open."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TYPE_CHECKING

from opsdash_widgets.core.discovery import PackagesWatch
from opsdash_widgets.core.errors import OpsdashError

from .form_following import LOOK_S, FormFollowing

if TYPE_CHECKING:
    from .run import RunPage


class RunWatch:
    """Looks at the sources while the page is shown.

    Args:
        page: its list and its form are kept up to date.
    """

    def __init__(self, page: RunPage) -> None:
        self._page = page
        frame = page.panel.frame
        self.form = FormFollowing(
            page.panel.service, page.form, lambda: str(frame.environment)
        )
        self._packages: PackagesWatch | None = None
        self._loop: Future[None] | None = None

    def start(self) -> None:
        """Look at the sources from now on."""
        if self._loop is None:
            self._loop = self._page.panel.start(self._keep())

    def close(self) -> None:
        """Look no more."""
        if self._loop is not None:
            self._loop.cancel()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            if self._page.panel.frame.page == "run":
                await self._look()

    async def _look(self) -> None:
        page = self._page
        try:
            if await self._have_modules_changed():
                await page.list_modules(quietly=True)
                if page.form.problem:
                    await page.open(page.bar.module)
            if page.bar.module and not page.form.loading:
                self.form.module = page.bar.module
                if await self.form.look():
                    page.form_changed()
        except OpsdashError:
            return  # an environment that is being edited: the page says what is wrong

    async def _have_modules_changed(self) -> bool:
        picker = self._page.picker
        wanted = tuple(name for name in (*picker.packages, picker.custom) if name)
        watch = self._packages
        if watch is None or watch.packages != wanted:
            self._packages = await asyncio.to_thread(
                self._page.panel.service.watch_modules, wanted
            )
            return True  # the list may be older than this first look
        return await asyncio.to_thread(watch.changed)
