"""Earlier runs on the page Run: run one again, and offer what fields were given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from opsdash_widgets.core.model import ModuleSpec, RunSpec

from .preset_form import fill_form, preset_of_run

if TYPE_CHECKING:
    from .run import RunPage


class RunAgain:
    """Fills the page's form from runs, and offers their values at its fields.

    Args:
        page: the page.
    """

    def __init__(self, page: RunPage) -> None:
        self._page = page
        self._panel = page.panel
        self._presets = page.panel.service.presets
        self._earlier: RunSpec | None = None
        self._run_id = ""
        start = page.panel.start
        page.form.observe(lambda _: start(self._show_recent()), "spec")
        page.live.card.observe(lambda change: start(self._ran(change.new)), "run")

    async def fill_from(self, run: RunSpec) -> None:
        """Fill the form with what an earlier run was given, once it is shown."""
        page, frame = self._page, self._panel.frame
        self._earlier = run
        frame.page = "run"
        if run.environment in [row["name"] for row in frame.environments]:
            frame.environment = run.environment
        if page.picker.value == run.module:
            await page.open(run.module)
        else:
            page.picker.value = run.module
        if run.secret_names:
            frame.notify(
                "Secrets are not stored, so they are not filled in again.",
                "Type them before you run.",
            )

    def fill_again(self, spec: ModuleSpec) -> None:
        """The form is there: fill it, where an earlier run waits for that."""
        run, self._earlier = self._earlier, None
        if run is None or run.module != spec.module:
            return
        page = self._page
        known = {one.name: one.variables for one in self._panel.environments}
        usual = known.get(run.environment, {})
        fill_form(page, preset_of_run(run, spec, usual), spec)
        page.bar.show_limits(run.limits)
        page.presets.forget()

    async def _show_recent(self) -> None:
        form = self._page.form
        shown = form.spec
        if not shown:
            return
        spec = msgspec.convert(shown, ModuleSpec)
        found = await self._panel.ask(self._presets.recent, spec.module, spec)
        if form.spec is shown:
            form.recent = {path: [*values] for path, values in found.items()}

    async def _ran(self, run: dict[str, Any]) -> None:
        """A run was launched: its values are the newest now."""
        run_id = str(run.get("run_id", ""))
        if run_id and run_id != self._run_id:
            self._run_id = run_id
            await self._show_recent()
