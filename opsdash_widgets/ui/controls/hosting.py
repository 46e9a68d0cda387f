"""Registered controls in one form: made, kept in step with its values, taken away."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
from ipywidgets import Widget

from opsdash_widgets.core.model import Argument, ModuleSpec
from opsdash_widgets.core.model.place import Place, places
from opsdash_widgets.core.redaction import safe_text

from .hosted_value import Misfit, form_value, same, widget_values
from .registered import Registration, candidates, listen, unlisten

_LONGEST = 300


class Hosted:
    """One widget in place of a built-in control."""

    def __init__(self, place: Place, registration: Registration) -> None:
        self.place = place
        self.registration = registration
        self.widget = _made(registration, place.argument)
        self.setting = False
        self.error = ""
        """Why its value cannot be given."""
        self.is_shown = True
        """Whether it can show what the form holds."""
        self.given = False
        self.resting, self.at_rest = self._rest()

    def read(self) -> Any:
        """What the form shall hold for the widget's value.

        Raises:
            ValueError: there is no such value; the text says why.
        """
        argument, value = self.place.argument, self.widget.value
        convert = self.registration.to_text
        try:
            given = convert(value) if convert else form_value(argument, value)
        except Exception as error:
            raise ValueError(_said(error)) from error
        return list(given) if isinstance(given, tuple) else given

    @property
    def note(self) -> str:
        """What to know about what it shows, one sentence; may be empty."""
        if not self.is_shown:
            return "The control that was registered for it cannot show this value."
        return "" if self.given or self.error else self.at_rest

    @property
    def insisted(self) -> Any:
        """What a required argument gets that nobody has touched: what is shown."""
        if not self.place.argument.required:
            return None
        with contextlib.suppress(ValueError):
            return self.read()
        return None

    def _rest(self) -> tuple[Any, str]:
        """What it holds while the argument is untouched, and what to know then."""
        argument = self.place.argument
        first = self.widget.value
        with contextlib.suppress(Misfit):
            default = form_value(argument, argument.default)
            if default is not None:
                for value in self._values(default):
                    # A `to_text` may well say nothing for the default.
                    is_default = self._set(value) and (
                        self._holds(default) or self._holds(None)
                    )
                    if is_default:
                        return self.widget.value, ""
                self._set(first)
                return first, "Until it is changed, the default is used."
        is_empty = self._holds(None) or self._holds(argument.default)
        return first, "" if is_empty else "Not given until it is changed."

    def bring(self, given: Any) -> None:
        """Show what the form holds; ``None`` is "untouched"."""
        self.is_shown, self.given = True, given is not None
        if given is None:
            self.error = ""
            self._set(self.resting)
            return
        if self._holds(given):
            self.error = ""
            return
        for value in self._values(given):
            if self._set(value) and self._holds(given):
                self.error = ""
                return
        self.is_shown = False

    def _values(self, given: Any) -> Iterator[Any]:
        convert = self.registration.from_text
        if convert is None:
            yield from widget_values(self.widget, given)
            return
        try:
            yield convert(given)
        except Exception:  # noqa: BLE001 - the user's function; the note says the rest
            return

    def _holds(self, given: Any) -> bool:
        try:
            return same(self.place.argument, self.read(), given)
        except ValueError:
            return given is None

    def _set(self, value: Any) -> bool:
        self.setting = True
        try:
            self.widget.value = value
        except Exception:  # noqa: BLE001 - a trait says no in many ways
            return False
        finally:
            self.setting = False
        return True

    def close(self) -> None:
        """Take the widget and what is in it away."""
        for widget in _with_children(self.widget):
            widget.close()


class Hosting:
    """All registered controls of one form.

    Args:
        form: a form with the traits ``spec``, ``values``, ``hosted``,
            ``hosted_errors`` and ``hosted_notes``.
    """

    def __init__(self, form: Any) -> None:
        self._form = form
        self._lock = threading.RLock()
        self._fields: dict[str, Hosted] = {}
        self._failed: dict[str, str] = {}
        form.observe(lambda _: self.look_again(), "spec")
        form.observe(lambda _: self._bring(), "values")
        listen(self)
        if form.spec:
            self.look_again()

    def look_again(self) -> None:
        """Make what is new, keep what is as it was, take the rest away."""
        with self._lock:
            earlier, self._fields, self._failed = self._fields, {}, {}
            module = str(self._form.spec.get("module", ""))
            for place in _places(self._form.spec):
                self._find(module, place, earlier)
            for gone in earlier.values():
                gone.close()
            self._bring()
            for field in self._fields.values():
                self._insist(field)

    def _insist(self, field: Hosted) -> None:
        """Give a required argument the value that its control shows."""
        commands, argument = field.place
        level = _level(self._form.values, commands)
        if level is None or argument.id in (level.get("values") or {}):
            return
        shown = field.insisted
        if shown is not None:
            self._form.set_value(argument.id, shown, commands)

    def reset(self, path: str) -> None:
        """Take one field back to "untouched", also where its value was no value."""
        with self._lock:
            field = self._fields.get(path)
            if field is not None:
                field.error = ""
                level = _level(self._form.values, field.place.commands)
                argument = field.place.argument.id
                if argument in ((level or {}).get("values") or {}):
                    self._form.set_value(argument, None, field.place.commands)
                field.bring(None)
                self._insist(field)
                self._show()

    def close(self) -> None:
        """Take every widget away, and make no more."""
        unlisten(self)
        with self._lock:
            fields, self._fields, self._failed = self._fields, {}, {}
            for each in fields.values():
                each.close()

    def _find(self, module: str, place: Place, earlier: dict[str, Hosted]) -> None:
        path = place.path
        try:
            wanted = next(candidates(module, path, place.argument), None)
            known = earlier.get(path)
            if wanted is None:
                return
            if known and known.registration is wanted and known.place == place:
                self._fields[path] = earlier.pop(path)
                return
            made = Hosted(place, wanted)
        except Exception as error:  # noqa: BLE001 - the user's code; said at the field
            self._failed[path] = (
                f"The control that was registered for it failed: {_said(error)} "
                "This is the built-in one."
            )
            return
        made.widget.observe(lambda _: self._changed(made), "value")
        self._fields[path] = made

    def _changed(self, field: Hosted) -> None:
        """The user, or a program, has changed a widget."""
        with self._lock:
            if field.setting or self._fields.get(field.place.path) is not field:
                return
            level = _level(self._form.values, field.place.commands)
            if level is None:
                return
            given = None
            try:
                given = field.read()
                field.error = ""
                field.given = given is not None
            except ValueError as error:
                field.error = str(error)
            argument = field.place.argument.id
            if (level.get("values") or {}).get(argument) != given:
                self._form.set_value(argument, given, field.place.commands)
            self._show()

    def _bring(self) -> None:
        """Show the form's values in the widgets."""
        with self._lock:
            for field in self._fields.values():
                level = _level(self._form.values, field.place.commands)
                values = (level or {}).get("values") or {}
                given = values.get(field.place.argument.id)
                if given is None and field.error:
                    continue  # what the user sees there is wrong, not untouched
                field.bring(given)
            self._show()

    def _show(self) -> None:
        fields = self._fields.items()
        values = self._form.values
        notes = {
            path: each.note
            for path, each in fields
            if each.note and _level(values, each.place.commands) is not None
        }
        with self._form.hold_sync():
            self._form.hosted = {p: e.widget for p, e in fields if e.is_shown}
            self._form.hosted_notes = {**self._failed, **notes}
            self._form.hosted_errors = {p: e.error for p, e in fields if e.error}


def _places(spec: dict[str, Any]) -> Iterator[Place]:
    if spec.get("parser"):
        yield from places(msgspec.convert(spec, ModuleSpec).parser)


def _level(values: dict[str, Any], commands: tuple[str, ...]) -> dict[str, Any] | None:
    """The values of one parser; ``None`` where its command is not chosen."""
    level = values or {}
    for name in commands:
        level = level.get("command") or {}
        if level.get("name") != name:
            return None
    return level


def _made(registration: Registration, argument: Argument) -> Widget:
    widget = registration.factory(argument)
    if not isinstance(widget, Widget) or not widget.has_trait("value"):
        raise TypeError("it made no widget with a `value`")
    return widget


def _with_children(widget: Widget) -> Iterator[Widget]:
    for child in getattr(widget, "children", ()):
        if isinstance(child, Widget):
            yield from _with_children(child)
    yield widget


def _said(error: BaseException) -> str:
    text = safe_text(str(error).strip() or type(error).__name__, _LONGEST)
    return text if text.endswith((".", "!", "?")) else f"{text}."
