"""The kernels behind the pages: our own interpreter, in the project's folder."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from traitlets import default
from voila.voila_kernel_manager import voila_kernel_manager_factory

REFILL_AFTER_S = 8.0
"""A page that has just been opened needs both cores more than the next page does."""


class OwnKernelSpecs(KernelSpecManager):
    """Only the kernel of this interpreter, whatever the user has installed elsewhere.

    A ``python3`` kernel of the user's own comes first otherwise, and that interpreter
    need not have this package.
    """

    @default("kernel_dirs")
    def _no_folders(self) -> list[str]:
        return []


class ProjectKernels(AsyncMappingKernelManager):
    """Starts kernels in the project's folder and tells pages when theirs ends."""

    @property
    def _app(self) -> Any:
        return self.parent

    def cwd_for_path(self, path: str, **kwargs: Any) -> str:
        """The project's folder: the notebook lies within the package."""
        return str(self._app.project)

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel that died or was ended, and let its pages say so."""
        self._app.pages.tell_ended(kernel_id)
        return super().remove_kernel(kernel_id)


_PoolingKernels: Any = voila_kernel_manager_factory(ProjectKernels, True, 1)


class PanelKernels(_PoolingKernels):  # type: ignore[misc] # voila ships no types
    """Voila's pool of kernels that have drawn the panel before anybody asks for it.

    Changes what is slow or wrong there: the next kernel starts only when the page that
    took the last one is drawn, a page that comes before that starts a kernel of its
    own, and a kernel is not handed out when the settings changed after it was started.
    """

    _pools: dict[str, list[asyncio.Task[Any]]]

    def __init__(self, **kwargs: Any) -> None:
        self._refill: asyncio.TimerHandle | None = None
        self._settings_seen: tuple[int, ...] = ()
        super().__init__(**kwargs)

    def fill_if_needed(self, delay: float | None = None, **kwargs: Any) -> None:
        """Start the next kernel, by default a little later."""
        if delay is None:
            self._refill = asyncio.get_running_loop().call_later(
                REFILL_AFTER_S, partial(self.fill_if_needed, delay=0, **kwargs)
            )
            return
        self._settings_seen = self._settings_stamp()
        super().fill_if_needed(delay=delay, **kwargs)

    def remove_kernel(self, kernel_id: str) -> Any:
        """Forget a kernel; one that died while it waited is replaced."""
        died_waiting = kernel_id in self.waiting_ids()
        removed = super().remove_kernel(kernel_id)
        if died_waiting:
            self._take_waiting()
            self.fill_if_needed(notebook_name=self.notebook_path)
        return removed

    def can_serve(self) -> bool:
        """Whether a kernel waits, or is on its way, that shows the present settings."""
        return self.get_pool_size(self.notebook_path) > 0 and not self.is_stale()

    def is_stale(self) -> bool:
        """Whether the settings changed after the waiting kernel was asked for."""
        return self._settings_seen != self._settings_stamp()

    def waiting_ids(self) -> set[str]:
        """The kernels that wait for a page."""
        return {content["kernel_id"] for content in self._waiting()}

    def ready_ids(self) -> set[str]:
        """Those of them that have drawn the panel already."""
        return {one["kernel_id"] for one in self._waiting() if one["task"].done()}

    def page_ids(self) -> list[str]:
        """The kernels that were handed to a page."""
        waiting = self.waiting_ids()
        return [one for one in self.list_kernel_ids() if one not in waiting]

    async def renew_waiting(self) -> None:
        """End the kernels that wait, and start one that shows the present settings."""
        tasks = self._take_waiting()
        self.fill_if_needed(delay=0, notebook_name=self.notebook_path)
        for task in tasks:
            await self.shutdown_kernel((await task)["kernel_id"], now=True)

    async def end_all(self) -> None:
        """End every kernel now, those that are still starting too."""
        if self._refill is not None:
            self._refill.cancel()
        for task in self._take_waiting():
            task.cancel()
        await self.shutdown_all(now=True)

    def _waiting(self) -> Iterator[dict[str, Any]]:
        for task in (task for pool in self._pools.values() for task in pool):
            if task.done() and not task.cancelled() and task.exception() is None:
                yield task.result()

    def _take_waiting(self) -> list[asyncio.Task[Any]]:
        tasks = [task for pool in self._pools.values() for task in pool]
        self._pools = {}
        return tasks

    def _settings_stamp(self) -> tuple[int, ...]:
        return tuple(_modified_ns(path) for path in self.parent.settings_files)


def _modified_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
