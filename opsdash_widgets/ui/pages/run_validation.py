"""What a module's own parser says, on the page Run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec

from opsdash_widgets.core.errors import ValuesError
from opsdash_widgets.core.redaction import safe_text
from opsdash_widgets.core.service import Preview, Verdict
from opsdash_widgets.ui.run_row import limits_row

if TYPE_CHECKING:
    from .run import RunPage


class RunValidation:
    """Shows verdicts at the fields that they name, and says where there are none."""

    def __init__(self, page: RunPage) -> None:
        self._page = page
        self._heard: Verdict | None = None

    async def open(self) -> None:
        """Say beside the button where parsers are not asked."""
        service = self._page.panel.service
        self._page.bar.unchecked = safe_text(
            await self._page.panel.ask(service.validation_off)
        )

    def show(self, preview: Preview, limits: Mapping[str, float]) -> None:
        """Show a dry run, and a refusal at the fields that it names.

        Args:
            preview: what the launch would do.
            limits: those that it asks for; the settings' hold where it does not.
        """
        bar = self._page.bar
        usual = self._page.panel.service.settings.limits
        said = [f"{label} {text}" for label, text in limits_row({**usual, **limits})]
        message = safe_text(preview.verdict_message)
        shown = msgspec.to_builtins(
            msgspec.structs.replace(preview, verdict_message=message)
        )
        with bar.hold_sync():
            bar.problem = {}
            bar.preview = shown | {"limits": said}
        if preview.verdict == "refused":
            refused = dict.fromkeys(preview.verdict_fields, preview.verdict_message)
            self._page.form.show_errors(ValuesError(preview.verdict_message, refused))

    def hear(self, verdict: Verdict) -> None:
        """Take the verdict on what is being launched (from any thread)."""
        self._heard = verdict

    def tell(self) -> None:
        """Say of what was launched that its parser's word could not be had."""
        heard, self._heard = self._heard, None
        if heard is not None and heard.word == "unknown" and heard.told:
            self._page.panel.frame.notify(
                f"It was launched without its parser's word. {heard.message}", ""
            )
