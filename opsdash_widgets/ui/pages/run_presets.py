"""The presets on the page Run: what the bar asks for, done with the form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import msgspec
from traitlets import link

from opsdash_widgets.core.errors import OpsdashError, PresetError
from opsdash_widgets.core.model import (
    Capability,
    ModuleSpec,
    Preset,
    SavedPreset,
)
from opsdash_widgets.core.presets import OWN, commands_of, compare, differs
from opsdash_widgets.ui.controls.preset_bar import MOST_TEXT, PresetBar, key_of

from .preset_form import (
    document_of,
    fill_form,
    preset_of_document,
    preset_of_form,
)

if TYPE_CHECKING:
    from .run import RunPage

_FORM_TRAITS = ("values", "tokens", "variables", "extra_args")
DEFAULT = "default"


_Act = Callable[["RunPresets", dict[str, Any]], Awaitable[None]]


class _Before(NamedTuple):
    """What "Undo" brings back: the form as it was, or a deleted preset."""

    form: Preset | None = None
    chosen: str = ""
    deleted: str = ""


class RunPresets:
    """Wires the preset bar to the page's form and to the service.

    Args:
        page: the page; its form is what presets are made of and applied to.
    """

    def __init__(self, page: RunPage) -> None:
        self._page = page
        self._panel = page.panel
        self._presets = page.panel.service.presets
        role = page.panel.service.actor.role
        self.bar = PresetBar(can_edit=Capability.EDIT_PRESETS in role.capabilities)
        self._loaded: SavedPreset | None = None
        self._before = _Before()
        self._filled: Preset | None = None
        self._spec: ModuleSpec | None = None
        self._wire()

    def _wire(self) -> None:
        start, page = self._panel.start, self._page
        link((page.panel.frame, "environment"), (self.bar, "environment"))
        page.bar.observe(lambda change: start(self._open(change.new)), "module")
        page.form.observe(lambda _: start(self._form_shown()), "spec")
        page.form.observe(lambda _: start(self._compare()), list(_FORM_TRAITS))
        self.bar.on_ask(lambda _, kind, said: start(self._act(kind, said)))

    def forget(self) -> None:
        """The form was filled with something else: no preset is in use."""
        self._use(None)

    async def _open(self, module: str) -> None:
        """Another module: its presets."""
        self._loaded, self._before, self._spec = None, _Before(), None
        bar = self.bar
        with bar.hold_sync():
            bar.module, bar.chosen, bar.modified = module, "", False
            bar.status, bar.drift, bar.problem = {}, {}, {}
            bar.presets = []
        if module:
            await self._try(self._list)

    async def _list(self) -> None:
        self.bar.show(await self._panel.ask(self._presets.list, self.bar.module))

    async def _form_shown(self) -> None:
        """The form is there, or there anew: what differs."""
        spec = self._page.form.spec
        self._spec = msgspec.convert(spec, ModuleSpec) if spec else None
        if self._spec is None:
            return
        if self._loaded is not None:
            self._show_drift(self._loaded.preset)

    async def _act(self, kind: str, said: dict[str, Any]) -> None:
        """Do what the user asked the bar for; what goes wrong is said in the bar."""
        await self._try(lambda: self._acts[kind](self, said))

    async def _try(self, work: Callable[[], Awaitable[None]]) -> None:
        try:
            await work()
        except OpsdashError as error:
            self.bar.show_problem(error)
        finally:
            self.bar.busy = ""

    async def _load(self, said: dict[str, Any]) -> None:
        place, _, name = str(said.get("key", "")).partition(":")
        saved = await self._panel.ask(self._presets.load, self.bar.module, name, place)
        self._remember()
        self._fill(saved.preset)
        self._use(saved)
        self.bar.tell(f"{name} is in the form.", undo=True)

    async def _save(self, said: dict[str, Any]) -> None:
        loaded = self._loaded
        if loaded is None or loaded.place != OWN:
            raise PresetError("No preset of yours is in use.", "Save under a name.")
        preset = msgspec.structs.replace(
            preset_of_form(self._page, loaded.preset.name),
            description=loaded.preset.description,
            environment=self._kept_environment(),
            created=loaded.preset.created,
            secrets=loaded.preset.secrets,
        )
        await self._write(preset, loaded.fingerprint)

    async def _save_as(self, said: dict[str, Any]) -> None:
        preset = msgspec.structs.replace(
            preset_of_form(self._page, str(said.get("name", ""))),
            description=str(said.get("description", "")),
            environment=self.bar.environment if said.get("keep") is True else "",
        )
        await self._write(preset, "")
        self.bar.done()

    async def _write(self, preset: Preset, expected: str) -> None:
        saved = await self._panel.ask(self._presets.save, preset, expected, self._spec)
        await self._list()
        self._use(saved)
        self.bar.tell(f"{saved.preset.name} is saved.")

    async def _rename(self, said: dict[str, Any]) -> None:
        name, new = self._own_name(), str(said.get("name", ""))
        saved = await self._panel.ask(self._presets.rename, self.bar.module, name, new)
        await self._list()
        self._use(saved)
        self.bar.done()
        self.bar.tell(f"{name} is called {saved.preset.name} now.")

    async def _delete(self, said: dict[str, Any]) -> None:
        name = self._own_name()
        await self._panel.ask(self._presets.delete, self.bar.module, name)
        self._before = _Before(deleted=name)
        await self._list()
        self._use(None)
        self.bar.tell(f"{name} is deleted.", undo=True)

    async def _undo(self, said: dict[str, Any]) -> None:
        before, self._before = self._before, _Before()
        if before.deleted:
            saved = await self._panel.ask(
                self._presets.restore, self.bar.module, before.deleted
            )
            await self._list()
            self._use(saved)
            self.bar.tell(f"{before.deleted} is back.")
        elif before.form is not None:
            self._fill(before.form)
            place, _, name = before.chosen.partition(":")
            saved_before = None
            if name:
                saved_before = await self._panel.ask(
                    self._presets.load, self.bar.module, name, place
                )
            self._use(saved_before)
            self.bar.tell("The form is as it was.")

    async def _default(self, said: dict[str, Any]) -> None:
        self.bar.busy = "Reading the defaults\u2026"
        preset = await self._panel.ask(
            self._presets.generate,
            self.bar.module,
            self._free_name(DEFAULT),
            environment=self._panel.frame.environment,
            command=commands_of(self._page.form.get_values()),
        )
        preset = msgspec.structs.replace(
            preset, environment="", description="Every argument with its default."
        )
        saved = await self._panel.ask(self._presets.save, preset, "", self._spec)
        await self._list()
        self._remember()
        self._fill(saved.preset)
        self._use(saved)
        self.bar.tell(f"{saved.preset.name} is made, and in the form.", undo=True)

    async def _export(self, said: dict[str, Any]) -> None:
        module, place, name = self.bar.module, "", ""
        if not said.get("all"):
            place, _, name = self.bar.chosen.partition(":")
        data = await self._panel.ask(self._presets.export, module, name, place)
        self.bar.give_file(f"{module}.{name or 'presets'}.json", data.decode())

    async def _import(self, said: dict[str, Any]) -> None:
        text = str(said.get("text", ""))[: MOST_TEXT + 1]
        replace = said.get("replace") is True
        try:
            found = await self._panel.ask(
                self._presets.import_,
                text.encode("utf-8", "replace"),
                self.bar.module,
                title=str(said.get("name", "")) or "The file",
                overwrite=replace,
            )
        except PresetError as error:
            if replace or " already; nothing" not in error.message:
                raise
            self.bar.ask_to_replace(error)
            return
        await self._list()
        names = ", ".join(saved.preset.name for saved in found)
        self.bar.tell(f"Imported: {names}.")

    async def _edit(self, said: dict[str, Any]) -> None:
        loaded = self._loaded.preset if self._loaded else None
        preset = msgspec.structs.replace(
            preset_of_form(self._page, loaded.name if loaded else DEFAULT),
            description=loaded.description if loaded else "",
            environment=self._kept_environment(),
        )
        self.bar.open_editor(document_of(preset))

    async def _validate(self, said: dict[str, Any]) -> None:
        self.bar.check = {}
        try:
            preset = preset_of_document(said.get("document"), self.bar.module)
            check = await self._panel.ask(self._presets.validate, preset, self._spec)
        except OpsdashError as error:
            self.bar.check = {"accepted": False, "message": str(error), "fields": {}}
        else:
            self.bar.show_check(check)

    async def _apply_document(self, said: dict[str, Any]) -> None:
        self.bar.check = {}
        try:
            preset = preset_of_document(said.get("document"), self.bar.module)
        except OpsdashError as error:
            self.bar.check = {"accepted": False, "message": str(error), "fields": {}}
            return
        self._remember()
        self._fill(preset)
        self.bar.close_editor()
        self.bar.tell("The JSON is in the form.", undo=True)

    def _fill(self, preset: Preset) -> None:
        fill_form(self._page, preset, self._spec)
        self._filled = preset_of_form(self._page, DEFAULT)

    def _use(self, saved: SavedPreset | None) -> None:
        """Say which preset is in use, and how far the form is from it."""
        self._loaded = saved
        with self.bar.hold_sync():
            self.bar.chosen = key_of(saved.place, saved.preset.name) if saved else ""
            self.bar.drift = {}
            if saved is not None:
                self._show_drift(saved.preset)
            self.bar.modified = self._is_modified()

    def _show_drift(self, preset: Preset) -> None:
        if self._spec is not None:
            self.bar.show_drift(compare(preset, self._spec), preset.secrets)

    def _remember(self) -> None:
        try:
            self._before = _Before(
                form=preset_of_form(self._page, DEFAULT), chosen=self.bar.chosen
            )
        except OpsdashError:  # a quote is open: then there is nothing to go back to
            self._before = _Before()

    async def _compare(self) -> None:
        with self.bar.hold_sync():
            self.bar.modified = self._is_modified()
            if self._before.form is not None and self._was_typed():
                self._before = _Before()
                self.bar.status = {}  # undoing would take back what was typed since

    def _was_typed(self) -> bool:
        """Whether the form is not any more what was put into it."""
        spec, filled = self._spec, self._filled
        try:
            now = preset_of_form(self._page, DEFAULT)
        except OpsdashError:
            return True
        return spec is not None and filled is not None and differs(now, filled, spec)

    def _is_modified(self) -> bool:
        """Whether a launch of the form would give other arguments than the preset."""
        if self._loaded is None or self._spec is None:
            return False
        preset, spec = self._loaded.preset, self._spec
        try:
            now = preset_of_form(self._page, preset.name)
        except OpsdashError:
            return True
        return differs(now, preset, spec)

    def _kept_environment(self) -> str:
        """The chosen environment, where the preset in use is for one at all."""
        pinned = self._loaded is not None and self._loaded.preset.environment
        return self.bar.environment if pinned else ""

    def _own_name(self) -> str:
        place, _, name = self.bar.chosen.partition(":")
        if place != OWN or not name:
            raise PresetError(
                "No preset of yours is in use.", "Choose one of your own first."
            )
        return name

    def _free_name(self, wanted: str) -> str:
        taken = {str(row["name"]).casefold() for row in self.bar.presets}
        names = [wanted, *(f"{wanted} {number}" for number in range(2, 100))]
        return next((name for name in names if name not in taken), wanted)

    _acts: ClassVar[dict[str, _Act]] = {
        "load": _load,
        "save": _save,
        "save_as": _save_as,
        "rename": _rename,
        "delete": _delete,
        "undo": _undo,
        "default": _default,
        "export": _export,
        "import": _import,
        "edit": _edit,
        "validate": _validate,
        "apply": _apply_document,
    }
