"""The named environments, edited as fields or as text, kept as people wrote them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import traitlets

from opsdash_widgets.core.configs import (
    ConfigFile,
    Draft,
    Entry,
    Problem,
    Section,
    is_production,
    is_secret,
    problems,
    read_raw,
    write_config,
)
from opsdash_widgets.core.errors import ConfigError, OpsdashError
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.ui.esm import Control

Save = Callable[[ConfigFile], ConfigFile | None]
"""Writes a document; may return it as it then is on disk."""

NEW_SECTION_KEYS = ("CONDA_ENV", "CONFIG_PATH", "RESULT_PATH")
"""What a new environment starts with, empty."""


class ConfigEditor(Control, bundle="config_editor"):
    """An editor of a ``config.ini`` with named environments.

    Nothing is written before Save; each edit can be undone. Secret values are never
    sent to the browser.

    Args:
        path: the file. It is read here, and written here unless ``on_save`` is given.
        file: a document to edit instead of a file.
        on_save: writes the document, for example ``service.save_config``.
        folder: where relative paths start; the file's own folder by default.
    """

    view = traitlets.Dict(
        help="What is drawn: sections, text, error, notice, what can be done."
    ).tag(sync=True)
    selected = traitlets.Unicode(help="Name of the section in view.").tag(sync=True)
    mode = traitlets.Enum(["form", "text"], "form", help="Fields or the raw text.").tag(
        sync=True
    )
    readonly = traitlets.Bool(False, help="Nothing can be edited.").tag(sync=True)
    dirty = traitlets.Bool(False, help="There are unsaved changes.").tag(sync=True)

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        file: ConfigFile | None = None,
        on_save: Save | None = None,
        folder: Path | None = None,
        **kwargs: Any,
    ) -> None:
        self._path = Path(path) if path is not None else None
        self._folder = folder or (self._path.parent if self._path else Path.cwd())
        self._on_save = on_save
        self._notice: dict[str, Any] | None = None
        self._conflict = False
        self._seen = 0
        super().__init__(**{"label": "Environments", **kwargs})
        self._draft = self._first_draft(file)
        self._handlers |= {
            "set": self._guarded(self._set),
            "add": self._guarded(self._add),
            "rename": self._guarded(self._rename),
            "remove": self._guarded(self._remove),
            "text": self._guarded(self._type),
            "undo": self._guarded(self._undo),
            "discard": self._guarded(self._discard),
            "save": self._guarded(self._save),
            "reload": self._guarded(self._reload),
            "check": lambda _: self.check(),
        }
        if self._draft.error:
            self.mode = "text"
        self._draw()

    @property
    def file(self) -> ConfigFile:
        """The document with the edits made so far."""
        return self._draft.file

    def save(self) -> None:
        """Write the document.

        Raises:
            OpsdashError: it was not written.
        """
        if self._draft.error:
            raise self._draft.error
        self._draft.saved(self._write(self._draft.file))
        self._conflict = False
        self._say("Saved.", "success")
        self._draw()

    def check(self) -> None:
        """Look whether someone else changed the file; take it where nothing is lost."""
        if self._path is None or self._conflict:
            return
        try:
            raw = read_raw(self._path)
        except ConfigError as error:
            self._say(str(error), "error")
        else:
            if raw.fingerprint == self._draft.file.fingerprint:
                return
            if self._draft.dirty:
                self._conflict = True
            else:
                self._draft.reopen(raw)
                self._say("The file was changed on disk; this is its new content.")
        self._draw()

    def _first_draft(self, file: ConfigFile | None) -> Draft:
        if file is not None or self._path is None:
            return Draft(file or ConfigFile(text="", sections=()))
        try:
            return Draft(read_raw(self._path))
        except ConfigError as error:
            self._say(str(error), "error")
            return Draft(ConfigFile(text="", sections=()))

    def _write(self, file: ConfigFile) -> ConfigFile:
        if self._on_save is not None:
            written = self._on_save(file)
            if written is not None:
                return written
            if self._path is None:
                return file
            raw = read_raw(self._path)
            return raw.with_text(raw.text)
        return write_config(self._path, file) if self._path is not None else file

    def _guarded(
        self, act: Callable[[dict[str, Any]], None]
    ) -> Callable[[dict[str, Any]], None]:
        """Run one message of the browser; an error is told where it was made."""

        def handle(message: dict[str, Any]) -> None:
            self._notice = None
            self._seen = message.get("number", self._seen)
            try:
                if self.readonly:
                    raise ConfigError("The configuration can only be viewed here.")
                act(message)
            except OpsdashError as error:
                self._refuse(message, error)
            self._draw()

        return handle

    def _refuse(self, message: dict[str, Any], error: OpsdashError) -> None:
        if field := message.get("field"):
            text = safe_text(str(error))
            self.send({"kind": "refused", "field": field, "message": text})
        else:
            self._say(safe_text(str(error)), "error")

    def _set(self, message: dict[str, Any]) -> None:
        section, key = str(message.get("section", "")), str(message.get("key", ""))
        file = self.file.set(section, key, str(message.get("value", "")))
        self._draft.edit(file, f"set {section} {key}")

    def _add(self, message: dict[str, Any]) -> None:
        section, key = str(message.get("section", "")), str(message.get("key", ""))
        file = self.file.add(section, key)
        if not key:
            for name in NEW_SECTION_KEYS:
                file = file.add(section, name)
            self.selected = section
        self._draft.edit(file)
        self.send({"kind": "added", "field": message.get("field")})

    def _rename(self, message: dict[str, Any]) -> None:
        section, key = str(message.get("section", "")), str(message.get("key", ""))
        to = str(message.get("to", "")).strip()
        self._draft.edit(self.file.rename(section, key, to=to))
        if not key and self.selected == section:
            self.selected = to

    def _remove(self, message: dict[str, Any]) -> None:
        section, key = str(message.get("section", "")), str(message.get("key", ""))
        self._draft.edit(self.file.remove(section, key))
        self._say(f"{key or section} was removed.", undo=True)

    def _type(self, message: dict[str, Any]) -> None:
        self._draft.type_text(str(message.get("text", "")))

    def _undo(self, _: dict[str, Any]) -> None:
        self._draft.undo()

    def _discard(self, _: dict[str, Any]) -> None:
        self._draft.discard()
        self._say("The changes were discarded.", undo=True)

    def _save(self, _: dict[str, Any]) -> None:
        try:
            self.save()
        except ConfigError:
            self.check()
            if not self._conflict:
                raise

    def _reload(self, _: dict[str, Any]) -> None:
        if self._path is None:
            return
        had = self._draft.dirty
        self._draft.reopen(read_raw(self._path))
        self._conflict = False
        self._say("Reloaded; undo brings your changes back." if had else "Reloaded.")

    def _say(self, text: str, tone: str = "info", *, undo: bool = False) -> None:
        self._notice = {"text": safe_text(text), "tone": tone, "undo": undo}

    def _draw(self) -> None:
        """Put what there is to see into the traits."""
        file, error = self._draft.file, self._draft.error
        names = [section.name for section in file.sections]
        found = problems(file, self._folder)
        with self.hold_trait_notifications():
            self.dirty = self._draft.dirty
            if self.selected not in names:
                self.selected = names[0] if names else ""
            self.view = {
                "path": safe_text(str(self._path or "")),
                "exists": file.exists,
                "sections": [_section_view(part, found) for part in file.sections],
                "text": self._draft.text,
                "error": error and {"line": error.line, "message": error.message},
                "notice": self._notice,
                "conflict": self._conflict,
                "seen": self._seen,
                "can_undo": self._draft.can_undo,
                "can_save": not error and (self.dirty or not file.exists),
            }


def _section_view(section: Section, found: tuple[Problem, ...]) -> dict[str, Any]:
    messages = {p.key: p.message for p in found if p.section == section.name}
    values = {entry.key: entry.value for entry in section.entries}
    return {
        "name": section.name,
        "comment": safe_text(section.comment),
        "production": is_production(section.name, values),
        "entries": [_entry_view(e, messages) for e in section.entries],
    }


def _entry_view(entry: Entry, messages: dict[str, str]) -> dict[str, Any]:
    secret = is_secret(entry)
    return {
        "key": entry.key,
        "value": "" if secret else entry.value,
        "secret": secret,
        "comment": safe_text(entry.comment),
        "problem": safe_text(messages.get(entry.key, "")),
    }
