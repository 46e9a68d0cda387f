"""Pick a module: packages, a filtered tree, and a custom one that is confirmed."""

from __future__ import annotations

from typing import Any

import msgspec
import traitlets
from ipywidgets import CallbackDispatcher

from opsdash_widgets.core.model import ModuleListing
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.esm import Control


class ModulePicker(Control, bundle="module_picker"):
    """The modules of some packages, by package, to pick one from.

    ``value`` is the picked module's dotted name. ``custom`` is a package or module
    outside ``packages`` that the user typed and confirmed; whoever uses the control
    then fills ``modules`` with what it holds (or sets ``error``).
    """

    packages = traitlets.List(
        traitlets.Unicode(), help="The configured packages, in order."
    ).tag(sync=True)
    package = traitlets.Unicode(
        help="The package that is shown; empty means all configured ones."
    ).tag(sync=True)
    custom = traitlets.Unicode(help="The confirmed custom package or module.").tag(
        sync=True
    )
    modules = traitlets.List(
        traitlets.Dict(), help="ModuleListing records as plain data."
    ).tag(sync=True)
    value = traitlets.Unicode(help="The picked module.").tag(sync=True)
    loading = traitlets.Bool(help="The list is being read.").tag(sync=True)
    error = traitlets.Unicode(help="Why there is no list, one sentence.").tag(sync=True)
    may_customise = traitlets.Bool(
        True, help="Whether modules outside the configured packages may be picked."
    ).tag(sync=True)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", "Modules")
        super().__init__(**kwargs)
        self._refresh = CallbackDispatcher()
        self._handlers["refresh"] = lambda message: self._refresh(self)

    def on_refresh(self, callback: Any, remove: bool = False) -> None:
        """Call ``callback(picker)`` when the user asks for a fresh list."""
        self._refresh.register_callback(callback, remove=remove)

    def show(self, listings: list[ModuleListing]) -> None:
        """Fill the list, and take back what stood there before."""
        with self.hold_trait_notifications():
            self.modules = [listing_row(listing) for listing in listings]
            self.error = ""
            self.loading = False

    @property
    def selected(self) -> dict[str, Any] | None:
        """The picked module's row, if it is in the list."""
        return next((row for row in self.modules if row["name"] == self.value), None)


def listing_row(listing: ModuleListing) -> dict[str, Any]:
    """A listing as plain data that is safe to show."""
    row: dict[str, Any] = msgspec.to_builtins(listing)
    row["title"] = safe_text(listing.title, 200)
    row["error"] = safe_text(listing.error, 400)
    return row
