"""A configuration while it is edited: what is on disk, what is typed, the way back."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ..errors import ConfigError
from .ini import ConfigFile
from .masking import Place, mask_lines, masked_text, secret_values, unmasked

LONGEST_HISTORY = 200
"""How many steps can be taken back."""


class _State(NamedTuple):
    """One step.

    Attributes:
        file: the last document that could be read.
        shown: the text as typed, secrets masked, where it cannot be read.
        error: why it cannot.
        label: what was edited last; edits of one label are one step.
    """

    file: ConfigFile
    shown: str | None = None
    error: ConfigError | None = None
    label: str = ""


class Draft:
    """Unsaved edits of one configuration file.

    Args:
        raw: the file as it is on disk; its text need not be a configuration.
    """

    def __init__(self, raw: ConfigFile) -> None:
        self._history: list[_State] = []
        self._hidden: dict[Place, str] = {}
        self._saved = self._now = self._opened(raw)

    @property
    def file(self) -> ConfigFile:
        """The document, to be shown and saved where there is no ``error``."""
        fingerprint = self._saved.file.fingerprint
        return msgspec.structs.replace(self._now.file, fingerprint=fingerprint)

    @property
    def error(self) -> ConfigError | None:
        """Why the text as typed is no configuration."""
        return self._now.error

    @property
    def text(self) -> str:
        """The text with its secrets masked."""
        shown = self._now.shown
        return masked_text(self._now.file) if shown is None else shown

    @property
    def dirty(self) -> bool:
        """Whether it differs from what is on disk."""
        return self._content(self._now) != self._content(self._saved)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._history)

    def edit(self, file: ConfigFile, label: str = "") -> None:
        """Go on with another document; edits in a row with one label are one step."""
        self._hidden |= secret_values(file)
        self._go(_State(file, label=label))

    def type_text(self, shown: str) -> None:
        """Go on with a text whose masked secrets are meant to stay."""
        try:
            file = unmasked(self._now.file.with_text(shown), self._hidden)
        except ConfigError as error:
            self._go(_State(self._now.file, shown, error, "text"))
        else:
            self.edit(file, "text")

    def undo(self) -> None:
        """Take the last step back."""
        if self._history:
            self._now = self._history.pop()

    def discard(self) -> None:
        """Go back to what is on disk; it can be undone."""
        self._go(self._saved._replace(label=""))

    def reopen(self, raw: ConfigFile) -> None:
        """Take what is on disk now instead of the edits; it can be undone."""
        self._saved = self._opened(raw)
        self._go(self._saved)

    def saved(self, file: ConfigFile) -> None:
        """The document was written as this one."""
        self._saved = self._now = _State(file)

    def _opened(self, raw: ConfigFile) -> _State:
        try:
            file = raw.with_text(raw.text)
        except ConfigError as error:
            shown, hidden = mask_lines(raw.text)
            self._hidden |= hidden
            return _State(raw, shown, error)
        self._hidden |= secret_values(file)
        return _State(file)

    def _go(self, state: _State) -> None:
        if not state.label or state.label != self._now.label:
            self._history = [*self._history, self._now][-LONGEST_HISTORY:]
        self._now = state

    @staticmethod
    def _content(state: _State) -> tuple[str, str | None]:
        return state.file.text, state.shown
