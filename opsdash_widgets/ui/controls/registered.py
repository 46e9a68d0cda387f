"""The users' own controls: which argument gets one, and who made it.

``register_control`` notes a factory; every open form, and every one that is opened
later, asks for it when it draws an argument that the registration is for.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, Protocol

from ipywidgets import Widget

from opsdash_widgets.core.model import Argument

Factory = Callable[[Argument], Widget]
"""Makes the widget for an argument; it has a trait ``value``."""


class Listener(Protocol):
    """Who shows registered controls, and must hear of new ones."""

    def look_again(self) -> None:
        """The registrations have changed."""


class Registration:
    """One registered control: which arguments it is for, and how its value is read."""

    def __init__(
        self,
        factory: Factory,
        *,
        type_name: str,
        module: str,
        argument: str,
        when: Callable[[Argument], bool] | None,
        to_text: Callable[[Any], Any] | None,
        from_text: Callable[[Any], Any] | None,
    ) -> None:
        self.factory = factory
        self.type_name = type_name
        self.module = module
        self.argument = argument
        self.when = when
        self.to_text = to_text
        self.from_text = from_text

    def fits(self, module: str, path: str, argument: Argument) -> bool:
        """Whether it is for an argument.

        Args:
            module: the module's dotted name.
            path: the commands above the argument and its id: ``build --jobs``.
            argument: the argument.
        """
        if self.module and not fnmatchcase(module, self.module):
            return False
        names = (path, argument.id, argument.dest, *argument.option_strings)
        if self.argument and not any(fnmatchcase(n, self.argument) for n in names):
            return False
        if self.type_name and not fnmatchcase(_type_of(argument), self.type_name):
            return False
        return self.when is None or bool(self.when(argument))

    def remove(self) -> None:
        """Take it back; open forms show what is left."""
        with _guard:
            if self in _registered:
                _registered.remove(self)
        _tell()

    def __repr__(self) -> str:
        given = {
            "type": self.type_name,
            "module": self.module,
            "argument": self.argument,
            "when": self.when,
        }
        said = ", ".join(f"{name}={value!r}" for name, value in given.items() if value)
        return f"Registration({said})"


_guard = threading.RLock()
_registered: list[Registration] = []
_listeners: weakref.WeakSet[Any] = weakref.WeakSet()


def register_control(
    factory: Factory,
    *,
    type: type | Callable[[str], Any] | str = "",  # noqa: A002 - argparse's word for it
    argument: str = "",
    module: str = "",
    when: Callable[[Argument], bool] | None = None,
    to_text: Callable[[Any], Any] | None = None,
    from_text: Callable[[Any], Any] | None = None,
) -> Registration:
    """Show a control of your own for some arguments, in every form of this kernel.

    All that is given must hold. Of several registrations that are for an argument the
    last one wins.

    Args:
        factory: makes a new ipywidget with a trait ``value`` for an ``Argument``. What
            it holds at first stands for "untouched".
        type: the argument's ``type=``: the class or function, or its qualified name;
            ``*`` in a name stands for anything.
        argument: its id (``--desk``), dest, or path with the commands before it
            (``build --desk``); ``*`` stands for anything.
        module: the dotted name of its module; ``*`` stands for anything.
        when: called with the ``Argument``; true where the control is for it.
        to_text: makes of the widget's value what the form holds (a text, a list of
            them, true or false; ``None`` for "untouched"). Without it numbers, dates,
            paths, members of enums, booleans and lists are understood.
        from_text: makes of what the form holds a value for the widget.

    Returns:
        The registration; its ``remove()`` takes it back.

    Raises:
        ValueError: nothing says which arguments it is for.
        TypeError: ``factory`` cannot be called.
    """
    if not callable(factory):
        raise TypeError("the factory must be a function that makes a widget")
    if not (type or argument or module or when):
        raise ValueError("say which arguments it is for: type, argument, module, when")
    made = Registration(
        factory,
        type_name=type if isinstance(type, str) else qualified_name(type),
        module=module,
        argument=argument,
        when=when,
        to_text=to_text,
        from_text=from_text,
    )
    with _guard:
        _registered.append(made)
    _tell()
    return made


def candidates(module: str, path: str, argument: Argument) -> Iterator[Registration]:
    """The registrations that may be for an argument, the last one first.

    A registration's own ``when`` is called here and may raise.
    """
    with _guard:
        known = tuple(reversed(_registered))
    return (each for each in known if each.fits(module, path, argument))


def listen(listener: Listener) -> None:
    """Tell a form of every change, for as long as it lives."""
    with _guard:
        _listeners.add(listener)


def unlisten(listener: Listener) -> None:
    """Tell a form no more."""
    with _guard:
        _listeners.discard(listener)


def _tell() -> None:
    with _guard:
        known: Sequence[Listener] = tuple(_listeners)
    for listener in known:
        listener.look_again()


def qualified_name(thing: Any) -> str:
    """A class or function as a spec names an argument's type.

    >>> import datetime
    >>> qualified_name(datetime.date.fromisoformat), qualified_name(int)
    ('datetime.date.fromisoformat', 'int')
    """
    owner = getattr(thing, "__self__", None)
    if isinstance(owner, type):
        return f"{qualified_name(owner)}.{thing.__name__}"
    name = str(getattr(thing, "__qualname__", type(thing).__qualname__))
    module = str(getattr(thing, "__module__", "") or "")
    return name if module in ("", "builtins") else f"{module}.{name}"


def _type_of(argument: Argument) -> str:
    # A parser without a converter gives a text.
    return argument.type_name or "str"
