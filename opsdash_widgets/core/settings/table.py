"""The table: every setting, its type, default, bounds and help."""

from __future__ import annotations

import enum
from typing import NamedTuple


class SettingType(enum.StrEnum):
    """What a setting's value may be, in the words that an error text uses."""

    TEXT = "text"
    MODULE_NAMES = "a module name or a list of them"
    PATH = "a path"
    PATHS = "a path or a list of them"
    NUMBER = "a number"
    SWITCH = "true or false"


class Setting(NamedTuple):
    """One row of the table.

    Attributes:
        name: the key in ``opsdash.toml`` and the field of ``Settings``.
        type: what the value may be.
        default: as it would be written in the file. A relative path starts at the
            folder of its file (the project's, for a default); ``$OPSDASH_HOME`` and
            ``~`` are understood.
        help: what it is for, one sentence.
        bounds: least and greatest allowed number; ``None`` for what has none.
    """

    name: str
    type: SettingType
    default: str | float | tuple[str, ...]
    help: str
    bounds: tuple[float, float] | None = None


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "runners_package",
        SettingType.MODULE_NAMES,
        ("runners",),
        "The packages whose modules the panel offers.",
    ),
    Setting(
        "dashboard_name", SettingType.TEXT, "Ops", "The panel's name in its frame."
    ),
    Setting(
        "runs_db",
        SettingType.PATH,
        "$OPSDASH_HOME/runs.db",
        "The registry of runs; it can be rebuilt from the run directories.",
    ),
    Setting(
        "config_file",
        SettingType.PATH,
        "config.ini",
        "The file with the named environments.",
    ),
    Setting(
        "default_environment",
        SettingType.TEXT,
        "",
        "The environment that is chosen until the user picks one; empty for none.",
    ),
    Setting(
        "file_roots",
        SettingType.PATHS,
        (),
        "The folders that a form's file chooser shows, with all below them; the run's "
        "working folder and the project where none is named.",
    ),
    Setting(
        "controls_module",
        SettingType.TEXT,
        "",
        "The module that registers your own controls, imported when a panel opens.",
    ),
    Setting(
        "probe_timeout_s",
        SettingType.NUMBER,
        10.0,
        "How long a module may take to show its arguments, in seconds.",
        (0.1, 600.0),
    ),
    Setting(
        "validate_before_launch",
        SettingType.SWITCH,
        True,
        "Whether the module's own parser is asked before a form is launched.",
    ),
    Setting(
        "validate_timeout_s",
        SettingType.NUMBER,
        10.0,
        "How long a module's parser may take to say so, in seconds.",
        (0.1, 600.0),
    ),
    Setting(
        "stop_ask_s",
        SettingType.NUMBER,
        1.0,
        "How long a run that is asked to stop gets before SIGTERM, in seconds.",
        (0.0, 3600.0),
    ),
    Setting(
        "stop_grace_s",
        SettingType.NUMBER,
        10.0,
        "How long a run gets between SIGTERM and SIGKILL, in seconds.",
        (0.0, 3600.0),
    ),
    Setting(
        "limit_time_s",
        SettingType.NUMBER,
        0.0,
        "How long a run may take where its launch does not say, in seconds; 0 for "
        "ever.",
        (0.0, 366 * 86400.0),
    ),
    Setting(
        "limit_memory_mib",
        SettingType.NUMBER,
        0.0,
        "How much memory a run's processes may hold together where its launch does not "
        "say, in MiB; 0 for no limit.",
        (0.0, 64 * 1024 * 1024.0),
    ),
    Setting(
        "limit_output_mib",
        SettingType.NUMBER,
        0.0,
        "How much a run may print where its launch does not say, in MiB; 0 for no "
        "limit.",
        (0.0, 1024 * 1024 * 1024.0),
    ),
    Setting(
        "limit_log_mib",
        SettingType.NUMBER,
        10240.0,
        "How much of a run's log is kept where its launch does not say, in MiB: the "
        "middle of a longer one is cut out; 0 keeps all.",
        (0.0, 1024 * 1024 * 1024.0),
    ),
)
"""Every setting there is."""
