"""The folders and remarks that a form's paths ask for, from the service."""

from __future__ import annotations

from typing import Any

import msgspec

from opsdash_widgets.core.errors import FolderError, OpsdashError
from opsdash_widgets.core.model.folder import FolderPage
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.controls.argparse_form import ArgparseForm

from .panel import Panel


class RunFiles:
    """Answers what the form's path fields ask, for the chosen environment."""

    def __init__(self, panel: Panel, form: ArgparseForm) -> None:
        self.panel = panel
        self.form = form
        form.browsable = True
        form.on_browse(lambda _, asked: panel.start(self.answer(asked)))

    async def answer(self, asked: dict[str, Any]) -> None:
        """Answer one message of a path field or of its chooser."""
        if asked.get("kind") == "check_path":
            await self._check(asked)
        else:
            await self._list(asked)

    async def _check(self, asked: dict[str, Any]) -> None:
        said = await self.panel.ask(
            self.panel.service.folders.check_path,
            str(asked.get("path", "")),
            kind=str(asked.get("path_kind", "any")),
            must_exist=asked.get("must_exist") is True,
            environment=self.panel.frame.environment,
        )
        self._reply(asked, text=said)

    async def _list(self, asked: dict[str, Any]) -> None:
        try:
            page = await self.panel.ask(self._page, asked)
        except OpsdashError as error:
            self._reply(asked, problem=safe_text(str(error)))
        else:
            self._reply(asked, page=msgspec.to_builtins(page))

    def _page(self, asked: dict[str, Any]) -> FolderPage:
        """The folder that is asked for; at first, where that cannot be had, a root."""
        named: dict[str, Any] = {
            "environment": self.panel.frame.environment,
            "text": str(asked.get("text", "")),
            "hidden": asked.get("hidden") is True,
            "offset": _number(asked.get("offset")),
        }
        list_folder = self.panel.service.folders.list_folder
        try:
            return list_folder(str(asked.get("path", "")), **named)
        except FolderError as error:
            if asked.get("first") is not True:
                raise
            page = list_folder("", **named)
            return msgspec.structs.replace(page, notice=error.message)

    def _reply(self, asked: dict[str, Any], **said: Any) -> None:
        self.form.send({"kind": "browsed", "ask": asked.get("ask"), **said})


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
