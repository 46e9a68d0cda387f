"""The errors that opsdash_widgets raises, one tree.

::

    OpsdashError
    ├── SettingsError            a settings file or a setting is wrong
    ├── HomeError                the home folder cannot be used
    ├── PermissionDenied         the actor's role does not allow the action
    ├── ConfirmationNeeded       the action asks for a confirmation first
    ├── ModuleError              a module cannot be used
    │   ├── ModuleNotFound       there is no such module
    │   ├── ModuleUnreadable     its source does not parse or cannot be read
    │   └── ProbeFailed          its parser could not be read (import, hang, exit …)
    ├── ValuesError              the values do not make a command line
    ├── EnvironmentNotUsable     the interpreter or the working folder is not there
    ├── FolderError              a folder cannot be looked into
    ├── LaunchError              a run could not be started
    ├── RunNotFound              there is no such run (or the id is ambiguous)
    ├── RunGone                  the run is known, but its directory is not there
    ├── RunUnreadable            its directory is there, but cannot be read now
    ├── StopError                a run cannot be asked to stop
    ├── ProcessError             a process cannot be found or killed
    ├── GroupError               a group's record cannot be read or written
    ├── GroupNotFound            there is no such group (or the id is ambiguous)
    ├── StoreError               the registry cannot be used
    ├── ConfigError              a configuration file cannot be read or written
    ├── PresetError              a preset cannot be read or written
    │   └── PresetNotFound       there is no preset of that name
    └── ServeError               the page cannot be served (port in use …)

Every message is one sentence saying what happened, and ``next_step`` one saying what
to do. ``str(error)`` is both; the details (a traceback of the module, a parser's own
words) are kept apart in ``details`` so that a view can fold them out.
"""

from __future__ import annotations

from collections.abc import Mapping


class OpsdashError(Exception):
    """The root of all errors raised on purpose.

    Attributes:
        message: one sentence saying what happened.
        next_step: one sentence saying what to do next; may be empty.
        details: verbatim text from elsewhere (never needed to act), may be empty.
    """

    exit_code = 1
    """What a terminal command that ends with this error exits with."""

    def __init__(self, message: str, next_step: str = "", details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.details = details

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class SettingsError(OpsdashError):
    """A settings file, or one setting in it, is wrong."""


class HomeError(OpsdashError):
    """The home folder cannot be created, read or written."""


class PermissionDenied(OpsdashError):
    """The actor's role does not allow the action."""


class ConfirmationNeeded(OpsdashError):
    """The action asks for a confirmation that names what it is about.

    Attributes:
        question: what to ask the user, one sentence ending in a question mark.
        cause: ``module`` (outside the configured packages), ``production``, or
            ``process`` (one is killed by its number), ``stop all``.
    """

    def __init__(self, question: str, cause: str) -> None:
        super().__init__(question, "Confirm it, then ask for it again.")
        self.question = question
        self.cause = cause


class ModuleError(OpsdashError):
    """A module cannot be used.

    Attributes:
        module: the dotted name that was asked for.
    """

    def __init__(
        self, module: str, message: str, next_step: str = "", details: str = ""
    ) -> None:
        super().__init__(message, next_step, details)
        self.module = module


class ModuleNotFound(ModuleError):
    """There is no module of that name in the chosen environment."""


class ModuleUnreadable(ModuleError):
    """The module's source cannot be read or does not parse."""


class ProbeFailed(ModuleError):
    """The module was started to read its parser, and no parser could be had.

    Attributes:
        cause: one of ``import_error``, ``missing_package``, ``timeout``, ``exit``,
            ``crash``, ``no_parser``.
    """

    def __init__(
        self,
        module: str,
        cause: str,
        message: str,
        next_step: str = "",
        details: str = "",
    ) -> None:
        super().__init__(module, message, next_step, details)
        self.cause = cause


class ValuesError(OpsdashError):
    """The values of a form do not make a command line that its parser accepts.

    Attributes:
        fields: argument id -> what is wrong with its value; the empty id stands for
            the form as a whole.
    """

    exit_code = 2

    def __init__(self, message: str, fields: Mapping[str, str]) -> None:
        super().__init__(message, "Correct the fields that are named and try again.")
        self.fields = dict(fields)


class EnvironmentNotUsable(OpsdashError):
    """The interpreter or the working folder of an environment is not there."""


class FolderError(OpsdashError):
    """A folder is not among those that may be looked into, or cannot be read."""


class LaunchError(OpsdashError):
    """A run could not be started; nothing is running."""


class RunNotFound(OpsdashError):
    """No run, or more than one, answers to the given id."""


class RunGone(OpsdashError):
    """The run is in the registry, but its directory is not there any more."""


class RunUnreadable(OpsdashError):
    """The run's directory is there, but cannot be read at this moment."""


class StopError(OpsdashError):
    """A run cannot be asked to stop; it goes on."""


class ProcessError(OpsdashError):
    """A process cannot be found or killed; it goes on, if it is there."""


class GroupError(OpsdashError):
    """The record of a group of runs cannot be read or written."""


class GroupNotFound(OpsdashError):
    """No group, or more than one, answers to the given id."""


class StoreError(OpsdashError):
    """The registry cannot be opened, read or written."""


class ConfigError(OpsdashError):
    """A configuration file cannot be read or written.

    Attributes:
        line: the line it is about, from 1, or 0 where no line is to blame.
    """

    def __init__(
        self, message: str, next_step: str = "", details: str = "", line: int = 0
    ) -> None:
        super().__init__(message, next_step, details)
        self.line = line


class PresetError(OpsdashError):
    """A preset cannot be read or written, or its name cannot be one.

    Attributes:
        line: the line of its file that it is about, from 1, or 0 where none is.
    """

    def __init__(
        self, message: str, next_step: str = "", details: str = "", line: int = 0
    ) -> None:
        super().__init__(message, next_step, details)
        self.line = line


class PresetNotFound(PresetError):
    """There is no preset of that name for the module."""


class ServeError(OpsdashError):
    """The page cannot be served."""
