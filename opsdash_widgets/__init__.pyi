from ._version import __version__ as __version__
from .cell import GroupHandle as GroupHandle
from .cell import RunHandle as RunHandle
from .cell import RunList as RunList
from .cell import form as form
from .cell import group as group
from .cell import launch as launch
from .cell import modules as modules
from .cell import presets as presets
from .cell import run as run
from .cell import runs as runs
from .cell import service as service
from .cell import spec as spec
from .cell import sweep as sweep
from .core.errors import OpsdashError as OpsdashError
from .ui.app import Dashboard as Dashboard
from .ui.controls.argparse_form import ArgparseForm as ArgparseForm
from .ui.controls.config_editor import ConfigEditor as ConfigEditor
from .ui.controls.log_tail import LogTail as LogTail
from .ui.controls.module_picker import ModulePicker as ModulePicker
from .ui.controls.registered import register_control as register_control
from .ui.controls.run_card import RunCard as RunCard
from .ui.controls.run_table import RunTable as RunTable
from .ui.controls.sweep_table import SweepTable as SweepTable

__all__ = [
    "ArgparseForm",
    "ConfigEditor",
    "Dashboard",
    "GroupHandle",
    "LogTail",
    "ModulePicker",
    "OpsdashError",
    "RunCard",
    "RunHandle",
    "RunList",
    "RunTable",
    "SweepTable",
    "__version__",
    "form",
    "group",
    "launch",
    "modules",
    "presets",
    "register_control",
    "run",
    "runs",
    "service",
    "spec",
    "sweep",
]
