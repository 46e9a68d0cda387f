"""The frame of the panel: pages, environment, counts, notices, theme and keys."""

from __future__ import annotations

import itertools
from typing import Any

import traitlets
from ipywidgets import CallbackDispatcher

from opsdash_widgets.core.errors import OpsdashError
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.esm import Control

MOST_NOTICES = 4
"""Older notices give way: a pile of them would push the page out of sight."""


class Navigation(Control, bundle="navigation"):
    """Rail (a menu on narrow panels), top bar, notices, help and theme.

    ``page`` and ``environment`` change when the user picks another one. The stylesheet
    of this control also lays out the panel around it (``ops-panel``, ``ops-frame``,
    ``ops-pages``) and the pages.
    """

    title = traitlets.Unicode("Ops", help="The dashboard's name.").tag(sync=True)
    page = traitlets.Unicode("run", help="Id of the page that is shown.").tag(sync=True)
    pages = traitlets.List(
        traitlets.Dict(), help="The pages in order: id, label, icon."
    ).tag(sync=True)
    environment = traitlets.Unicode(help="Name of the environment.").tag(sync=True)
    environments = traitlets.List(
        traitlets.Dict(), help="The environments in order: name, production."
    ).tag(sync=True)
    counts = traitlets.Dict(help="State -> number of active runs.").tag(sync=True)
    notices = traitlets.List(
        traitlets.Dict(), help="What the user should know, the newest last."
    ).tag(sync=True)
    user = traitlets.Unicode(help="Who acts.").tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._ids = itertools.count(1)
        self._opened = CallbackDispatcher()
        self._handlers["opened"] = lambda message: self._opened(self)
        self._handlers["dismiss"] = lambda message: self.dismiss(str(message.get("id")))

    def on_open(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(frame)`` whenever a browser has drawn the frame."""
        self._opened.register_callback(callback, remove=remove)

    def notify(
        self,
        message: str,
        next_step: str = "",
        details: str = "",
        *,
        level: str = "info",
    ) -> None:
        """Show a sentence until the user dismisses it.

        Args:
            message: one sentence saying what happened.
            next_step: one sentence saying what to do.
            details: verbatim text, folded.
            level: ``info``, ``warn`` or ``error``.
        """
        notice = {
            "id": str(next(self._ids)),
            "level": level,
            "message": safe_text(message),
            "next_step": safe_text(next_step),
            "details": safe_text(details),
        }
        same = ("level", "message", "next_step")
        others = [n for n in self.notices if any(n[key] != notice[key] for key in same)]
        self.notices = [*others, notice][-MOST_NOTICES:]

    def notify_error(self, error: BaseException, details: str = "") -> None:
        """Show a failure as one sentence, never only as a traceback."""
        if isinstance(error, OpsdashError):
            self.notify(error.message, error.next_step, error.details, level="error")
        else:
            self.notify(
                f"Something went wrong: {type(error).__name__}: {error}",
                "Try again; if it happens again, report the details.",
                details,
                level="error",
            )

    def dismiss(self, notice_id: str) -> None:
        """Take a notice away."""
        self.notices = [n for n in self.notices if n["id"] != notice_id]
