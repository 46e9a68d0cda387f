"""What a user asks for, before it becomes a RunSpec."""

from __future__ import annotations

from typing import Any

import msgspec


class FormValues(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The values of one parser's form, and of the subcommand chosen in it.

    This is also the format of ``opsdash argv --values FILE``.

    Attributes:
        values: argument id -> value. A string for a single value, a list for nargs,
            ``true`` for flags and constants, an integer for counts and repeated
            constants, a list of occurrences for append and extend, ``true``/``false``
            for boolean pairs, ``{"bare": true}`` for an optional-value option given
            without one. What is absent was left untouched.
        command: the chosen subcommand's own values.
        name: the subcommand's name (empty at the top).
    """

    values: dict[str, Any] = {}
    command: FormValues | None = None
    name: str = ""


class LaunchRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A launch as a face asks for it.

    Exactly one of ``values`` and ``argv`` says what the module gets; with neither it
    gets no arguments.

    Attributes:
        module: dotted name.
        values: the form's values, turned into an argv by the module's own spec.
        argv: arguments as the module shall see them, already split.
        extra_args: further arguments, appended after those of the form.
        environment: name of the environment, or empty for the default one.
        interpreter: overrides the environment's interpreter where not empty.
        cwd: overrides the environment's working directory where not empty.
        variables: environment variables over those of the environment.
        requested_by: who asked; the actor's name where empty.
        limits: limit name -> value (``model.LIMITS``), over those of the settings.
        confirmed: the user has confirmed what asks for confirmation (a module outside
            the configured packages, a production environment).
    """

    module: str
    values: FormValues | None = None
    argv: tuple[str, ...] | None = None
    extra_args: tuple[str, ...] = ()
    environment: str = ""
    interpreter: str = ""
    cwd: str = ""
    variables: dict[str, str] = {}
    requested_by: str = ""
    limits: dict[str, float] = {}
    confirmed: bool = False
