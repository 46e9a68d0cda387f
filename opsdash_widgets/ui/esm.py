"""The base class of every control that is drawn by our own TypeScript."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import anywidget
import traitlets

STATIC = Path(__file__).parent / "static"
"""Where the front-end build puts ``<control>.js`` and ``<control>.css``."""


class Control(anywidget.AnyWidget):
    """An ipywidget whose view is ``static/<bundle>.js``.

    A subclass names its bundle in the class statement:
    ``class LogTail(Control, bundle="log_tail")``. Data comes in by traits, what the
    user did goes out by traits or through ``handlers``, keyed by a message's ``kind``.
    """

    label = traitlets.Unicode(help="Accessible name of the control.").tag(sync=True)

    _esm = ""
    _bundle = ""

    def __init_subclass__(cls, bundle: str = "", **kwargs: Any) -> None:
        """Attach the built bundle, or fall back to a sentence that says what to do."""
        if bundle:
            cls._bundle = bundle
            script, style = STATIC / f"{bundle}.js", STATIC / f"{bundle}.css"
            if script.is_file():
                cls._esm, cls._css = script.read_text("utf-8"), style.read_text("utf-8")
            else:
                cls._esm = _NOT_BUILT
        super().__init_subclass__(**kwargs)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._handlers: dict[str, Callable[[dict[str, Any]], None]] = {}
        self.on_msg(self._dispatch)

    def _take_over(self, state: object, names: Collection[str]) -> None:
        """Set traits that came in a message, without sending them back.

        A browser's messages keep their order; its traits may wait for a busy kernel,
        and a button that is pressed meanwhile overtakes them.
        """
        known = state if isinstance(state, dict) else {}
        given = {name: known[name] for name in names if name in known}
        with self._lock_property(**given), self.hold_trait_notifications():
            for name, value in given.items():
                self.set_trait(name, value)

    def _dispatch(self, _: object, content: object, buffers: object) -> None:
        """Hand a browser's message to the handler of its kind; drop what is unknown."""
        if not isinstance(content, dict):
            return
        handler = self._handlers.get(str(content.get("kind")))
        if handler is not None:
            handler(content)


_NOT_BUILT = """
export default { render({ el }) {
  el.textContent = "The browser part of opsdash_widgets is not built: run `make build` "
    + "in the project's folder, or install the released wheel.";
} };
"""
