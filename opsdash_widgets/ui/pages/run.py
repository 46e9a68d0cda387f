"""The page Run: pick a module, fill its form, launch it, watch it."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import msgspec
from ipywidgets import Box
from traitlets import link

from opsdash_widgets.core.errors import (
    ConfirmationNeeded,
    OpsdashError,
    ValuesError,
)
from opsdash_widgets.core.model import Kind, LaunchRequest, ModuleSpec, Run
from opsdash_widgets.ui.controls.argparse_form import ArgparseForm
from opsdash_widgets.ui.controls.launch_bar import LaunchBar, field_name
from opsdash_widgets.ui.controls.module_picker import ModulePicker

from .live_run import LiveRun
from .panel import Panel
from .run_again import RunAgain
from .run_files import RunFiles
from .run_presets import RunPresets
from .run_sweeps import RunSweeps
from .run_validation import RunValidation
from .run_watch import RunWatch

PREVIEW_AFTER_S = 0.15
"""How long the form must rest before its command is built anew."""
MOST_STARTERS = 6


class RunPage:
    """Picker, form and launch bar over the live run; ``box`` is what is shown."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        service = panel.service
        self.picker = ModulePicker(packages=list(service.packages()), loading=True)
        self.form = ArgparseForm(
            show_requested_by=False, requested_by=service.actor.name
        )
        self.bar = LaunchBar(requested_by=service.actor.name)
        self.bar.show_usual_limits(service.settings.limits)
        self.live = LiveRun(panel, again=self.fill_from)
        self.validation = RunValidation(self)
        self._asked = 0
        self._unasked = ""
        self._changes = 0
        self.files = RunFiles(panel, self.form)
        self.presets = RunPresets(self)
        self.again = RunAgain(self)
        self.watch = RunWatch(self)
        self.sweeps = RunSweeps(self)
        self.box = self._build()
        self._wire()

    def _build(self) -> Box:
        for control, name in (
            (self.picker, "ops-pane-modules"),
            (self.presets.bar, "ops-pane-presets"),
            (self.bar, "ops-pane-launch"),
        ):
            control.add_class(name)
        form = self.panel.box([self.form, self.sweeps.panel], "ops-pane-form")
        panes = [self.picker, form, self.presets.bar, self.bar]
        columns = self.panel.box(panes, "ops-columns")
        work = self.panel.box([self.sweeps.box, self.live.box], "ops-work")
        return self.panel.box([columns, work], "ops-page", "ops-page-run")

    def _wire(self) -> None:
        start = self.panel.start
        frame, picker, form, bar = (
            self.panel.frame,
            self.picker,
            self.form,
            self.bar,
        )
        link((frame, "environment"), (bar, "environment"))
        link((frame, "environments"), (bar, "environments"))
        link((form, "requested_by"), (bar, "requested_by"))
        picker.on_refresh(lambda _: start(self.list_modules()))
        picker.observe(lambda _: start(self.list_custom()), "custom")
        picker.observe(lambda change: start(self.open(change.new)), "value")
        form.on_pick(lambda _, name: setattr(picker, "value", name))
        form.observe(lambda _: start(self._changed()), list(_FORM_TRAITS))
        form.observe(lambda _: start(self._blocked()), list(_BLOCK_TRAITS))
        bar.observe(lambda _: start(self._moved()), "environment")
        bar.observe(lambda _: start(self._limited()), "limits")
        self.panel.reconfigured = lambda: start(self._moved())
        bar.on_reveal(lambda _, field: form.reveal_errors(field))
        bar.on_dry_run(lambda _: start(self.dry_run()))
        bar.on_run(lambda _, confirmed: start(self.launch(confirmed=confirmed)))

    async def open_page(self) -> None:
        """Fill the page: modules first, then what is still running."""
        self.watch.start()
        checks = self.validation.open()
        await asyncio.gather(
            self.list_modules(), self._show_newest(), self.sweeps.find(), checks
        )

    async def reopen(self) -> None:
        """Bring the page up to date for a browser that opens it now."""
        if self._unasked == self.live.run_id and not self.live.card.run.get("active"):
            await self.live.close()
        await self.open_page()

    async def _show_newest(self) -> None:
        await self.panel.ask(self.panel.service.sync)
        active = await self.panel.active_runs()
        if active and not self.live.run_id:
            self._unasked = active[0].run_id
            await self.live.show(active[0])

    def close(self) -> None:
        """End the page's work."""
        self.watch.close()
        self.sweeps.close()

    def form_changed(self) -> None:
        """Build the command anew: the form's module is not what it was."""
        self.panel.start(self._preview())

    async def list_modules(self, *, quietly: bool = False) -> None:
        """Read the modules of the configured packages and of a confirmed custom one."""
        picker = self.picker
        picker.loading = not quietly
        found = []
        try:
            found = await self.panel.ask(self.panel.service.modules)
            if picker.custom:
                extra = await self.panel.ask(
                    self.panel.service.modules, [picker.custom]
                )
                found += [row for row in extra if row not in found]
        except OpsdashError as error:
            picker.show(found)
            picker.error = str(error)
        else:
            picker.show(found)
            names = [row.name for row in found]
            if picker.custom in names:
                picker.value = picker.custom
        runnable = [row for row in picker.modules if row["kind"] in _READY]
        self.form.starters = runnable[:MOST_STARTERS]

    async def list_custom(self) -> None:
        """List a confirmed custom package; what was open is not it, and makes way."""
        custom = self.picker.custom
        if custom and custom != self.bar.module:
            self._asked += 1
            self.picker.value = self.bar.module = ""
            self.form.show_nothing()
            self._block()
        await self.list_modules()

    async def open(self, module: str) -> None:
        """Show the form of a module; an older answer never replaces a newer one."""
        self._asked += 1
        asked = self._asked
        if not module:
            return
        self.form.loading = True
        with self.bar.hold_sync():
            if module != self.bar.module:
                self.bar.limits = {}  # they were meant for the module before
            self.bar.module = module
            self.bar.problem, self.bar.preview = {}, {}
            self.bar.shell_line = self.bar.python_call = ""
        if self.form.spec.get("module") != module:
            self.form.spec = {}
            self.form.problem = {}
            await self.watch.form.show_last(module)
        try:
            spec = await self.panel.ask(
                self.panel.service.module_spec,
                module,
                environment=self.panel.frame.environment,
            )
        except OpsdashError as error:
            if asked == self._asked:
                self.form.show_problem(error, module=module)
                self.panel.start(self._preview())
            return
        if asked == self._asked:
            self._show(spec)

    def _show(self, spec: ModuleSpec) -> None:
        self.form.show(spec)
        self.again.fill_again(spec)
        self.panel.start(self._preview())

    async def fill_from(self, run: Run) -> None:
        """Fill the form with what an earlier run was given."""
        await self.again.fill_from(run.spec)

    async def _moved(self) -> None:
        """Another environment, or interpreter: it may know the module differently."""
        if self.bar.module:
            await self.open(self.bar.module)

    async def _blocked(self) -> None:
        self._block()

    async def _limited(self) -> None:
        """Other limits: an earlier dry run was of another launch."""
        with self.bar.hold_sync():
            self.bar.problem, self.bar.preview = {}, {}
        await self._preview()

    def _block(self) -> None:
        """Say why nothing can be launched, or nothing where it can."""
        form, bar = self.form, self.bar
        if not bar.module:
            bar.blocked = "Pick a module first."
        elif form.problem and not form.by_hand:
            bar.blocked = "Its arguments could not be read."
        elif form.loading and not form.spec:
            bar.blocked = "Its arguments are still being read."
        else:
            bar.blocked = blocked_by(form.invalid) or wrong_limits(bar.limit_errors)
        readable = bool(form.spec) and not form.problem
        bar.revealable = readable and bool(form.invalid)
        bar.missing = missing_fields(form.invalid) if bar.revealable else []

    async def _changed(self) -> None:
        """The form changed: once it rests, build the command anew."""
        self._changes += 1
        mine = self._changes
        # Before the rest: what is asked during it is answered for this change already.
        with self.bar.hold_sync():
            self.bar.problem, self.bar.preview = {}, {}
        await asyncio.sleep(PREVIEW_AFTER_S)
        if mine == self._changes:
            await self._preview()

    async def _preview(self) -> None:
        """Show the command live, and what its parser says at the fields."""
        self._block()
        if (not self.form.spec and not self.form.by_hand) or self.form.loading:
            return
        mine = self._changes
        try:
            preview = await self.panel.ask(
                self.panel.service.preview, self._shown_request()
            )
        except ValuesError as error:
            if mine == self._changes:
                given = self.form.given_ids()
                self.form.errors = {
                    name: text for name, text in error.fields.items() if name in given
                }
                self.bar.shell_line = self.bar.python_call = ""
        except OpsdashError as error:
            if mine == self._changes:
                self.bar.show_problem(error)
        else:
            if mine == self._changes:
                self.form.errors = {}
                with self.bar.hold_sync():
                    self.bar.shell_line = preview.shell_line
                    self.bar.python_call = preview.python_call

    async def dry_run(self) -> None:
        """Show everything that a launch would use."""
        self.bar.busy = "Checking\u2026"
        try:
            request = self.request(confirmed=False)
            ask = self.panel.service.preview
            preview = await self.panel.ask(ask, request, validate=True)
        except ValuesError as error:
            self.form.show_errors(error)
            self.bar.show_problem(error)
        except OpsdashError as error:
            self.bar.show_problem(error)
        else:
            self.validation.show(preview, request.limits)
        finally:
            self.bar.busy = ""

    async def launch(self, *, confirmed: bool) -> None:
        """Launch what the form says, or say why not; ask first where that is due."""
        self.bar.busy = "Starting\u2026"
        try:
            request = self.request(confirmed=confirmed)
            ask = self.panel.service.launch
            run = await self.panel.ask(ask, request, self.validation.hear)
        except ConfirmationNeeded as error:
            self.bar.ask(error.question)
        except ValuesError as error:
            self.form.show_errors(error)
            self.bar.show_problem(error)
        except OpsdashError as error:
            self.bar.show_problem(error)
        else:
            with self.bar.hold_sync():
                self.bar.problem, self.bar.preview, self.bar.confirm = {}, {}, ""
            self.validation.tell()
            await self.live.show(run)
        finally:
            self.bar.busy = ""

    def request(self, *, confirmed: bool) -> LaunchRequest:
        """The launch that the page asks for now.

        Raises:
            ValuesError: the extra arguments cannot be split, or a limit cannot be read.
        """
        limits = self.bar.get_limits()
        request = self._request_without_limits(confirmed=confirmed)
        return msgspec.structs.replace(request, limits=limits)

    def _shown_request(self) -> LaunchRequest:
        """The same for the command that is shown: a wrong limit takes none of it away.

        Raises:
            ValuesError: the extra arguments cannot be split.
        """
        if self.bar.limit_errors:
            return self._request_without_limits(confirmed=False)
        return self.request(confirmed=False)

    def _request_without_limits(self, *, confirmed: bool) -> LaunchRequest:
        form = self.form
        return LaunchRequest(
            module=self.bar.module,
            values=None if form.by_hand else form.get_values(),
            extra_args=(*form.get_tokens(), *form.get_extra_args()),
            environment=self.panel.frame.environment,
            variables=dict(form.variables),
            requested_by=form.requested_by.strip(),
            confirmed=confirmed,
        )


_FORM_TRAITS = ("values", "tokens", "variables", "extra_args")
_BLOCK_TRAITS = ("invalid", "loading", "problem", "spec")
_READY = (Kind.ARGPARSE, Kind.CLICK, Kind.TYPER, Kind.PLAIN)
_NAMED = 3


def blocked_by(invalid: dict[str, Any]) -> str:
    """One sentence for what the browser found wrong in the form; empty: nothing.

    >>> blocked_by({"spot": "spot is required."})
    'Still needed or wrong: spot.'
    """
    if not invalid:
        return ""
    names = [_blocking(key, str(said)) for key, said in invalid.items()]
    shown = ", ".join(names[:_NAMED])
    rest = len(names) - _NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return f"Still needed or wrong: {shown}{more}."


def wrong_limits(errors: dict[str, str]) -> str:
    """One sentence for the limits that cannot be read; empty: all can."""
    return next(iter(errors.values()), "")


def missing_fields(invalid: dict[str, Any]) -> list[dict[str, str]]:
    """The same fields, each with its path, so that one can go there."""
    return [
        {"field": key, "name": _blocking(key, str(said))}
        for key, said in invalid.items()
    ]


def _blocking(key: str, said: str) -> str:
    """What a person calls the field; an exclusive group by all of its members."""
    if found := _ONE_OF.match(said):
        return f"one of {found[1]}"
    return field_name(key) or "the command"


_ONE_OF = re.compile(r"One of (.+) is required\.")
