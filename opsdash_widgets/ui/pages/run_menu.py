"""The menu of the page Runs: stop all of one's own, end a process by its number."""

from __future__ import annotations

from typing import Any

from opsdash_widgets.core.errors import OpsdashError, ValuesError
from opsdash_widgets.core.model import Capability
from opsdash_widgets.ui.controls.run_dialogs import RunDialogs
from opsdash_widgets.ui.controls.run_table import RunTable

from .panel import Panel


class RunMenu:
    """Opens its dialogs over the table, and does what they are answered with.

    Args:
        panel: the service and the frame.
        table: its toolbar has the menu; what the actor may not do is not in it.
    """

    def __init__(self, panel: Panel, table: RunTable) -> None:
        self._panel = panel
        self._found: Any = None
        self.dialogs = RunDialogs()
        may = panel.service.actor.role.capabilities
        lines = (
            (Capability.STOP, "stop_all", "Stop all of mine\u2026"),
            (Capability.KILL_PROCESS, "kill", "Kill a process\u2026"),
        )
        table.menu = [
            {"id": name, "label": label}
            for needed, name, label in lines
            if needed in may
        ]
        start = panel.start
        table.on_menu(lambda _, name: start(self._open(name)))
        dialogs = self.dialogs
        dialogs.on_stop_all(lambda _: start(self._stop_all()))
        dialogs.on_find(lambda _, text: start(self._find(text)))
        dialogs.on_kill(lambda _, how: start(self._kill(**how)))

    async def _open(self, name: str) -> None:
        if name == "stop_all":
            runs = await self._panel.ask(self._panel.service.stoppable)
            self.dialogs.ask_stop_all(runs)
        elif name == "kill":
            self._found = None
            grace_s = self._panel.service.settings.stop_grace_s
            self.dialogs.ask_kill(grace_s)

    async def _stop_all(self) -> None:
        self.dialogs.busy = "Asking\u2026"
        try:
            runs = await self._panel.ask(self._panel.service.stop_all)
        except OpsdashError as error:
            self.dialogs.show_problem(error)
            return
        self.dialogs.close_dialog()
        count = "1 run of yours" if len(runs) == 1 else f"{len(runs):,} runs of yours"
        self._panel.frame.notify(
            f"Asked {count} to stop.", "The table shows how far each has come."
        )

    async def _find(self, text: str) -> None:
        """Name the process, so that it is clear what would be killed."""
        self._found = None
        self.dialogs.busy = "Looking\u2026"
        try:
            found = await self._panel.ask(self._panel.service.processes.find, pid(text))
        except OpsdashError as error:
            self.dialogs.show_problem(error)
            return
        self._found = found
        run = f"It belongs to run {found.run_id}: stop the run instead."
        self.dialogs.show_process(
            {
                "pid": found.pid,
                "command": found.command or f"[{found.name}]",
                "user": found.user,
                "started": found.started,
                "memory": found.rss,
                "note": self._panel.service.processes.why_never(found)
                or (run if found.run_id else ""),
            }
        )

    async def _kill(self, text: str, *, tree: bool, now: bool) -> None:
        """End the process that was named; a number that is another one by now is not.

        The dialog has named it and asked: that is the confirmation.
        """
        found = self._found
        if found is None or str(found.pid) != text:
            await self._find(text)
            return
        self.dialogs.busy = "Ending it\u2026"
        try:
            ending = await self._panel.ask(
                self._panel.service.processes.kill,
                found,
                tree=tree,
                kill_now=now,
                confirmed=True,
            )
        except OpsdashError as error:
            self.dialogs.say(str(error))
            return
        self._found = None
        self.dialogs.close_dialog()
        words, level = _ENDINGS.get(ending.word, _REMAINS)
        self._panel.frame.notify(f"Process {found.pid} {words}", level=level)


def pid(text: str) -> int:
    """The number that somebody has written.

    Raises:
        ValuesError: it is none.
    """
    if not text.strip().isdecimal():
        message = f"{text.strip() or 'Nothing'} is no process id: it is a whole number."
        raise ValuesError(message, {})
    return int(text)


_REMAINS = ("is still there: it waits for the system and ends after that.", "warn")
_ENDINGS = {
    "ended": ("has ended after SIGTERM.", "info"),
    "killed": ("was killed with SIGKILL.", "info"),
    "gone": ("had ended before it was signalled.", "info"),
}
