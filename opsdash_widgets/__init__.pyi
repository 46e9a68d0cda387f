from ._version import __version__ as __version__
from .cell import RunHandle as RunHandle
from .cell import RunList as RunList
from .cell import form as form
from .cell import launch as launch
from .cell import modules as modules
from .cell import presets as presets
from .cell import run as run
from .cell import runs as runs
from .cell import service as service
from .cell import spec as spec
from .core.errors import OpsdashError as OpsdashError
from .ui.app import Dashboard as Dashboard
from .ui.controls.argparse_form import ArgparseForm as ArgparseForm
from .ui.controls.config_editor import ConfigEditor as ConfigEditor
from .ui.controls.log_tail import LogTail as LogTail
from .ui.controls.module_picker import ModulePicker as ModulePicker
from .ui.controls.registered import register_control as register_control
from .ui.controls.run_card import RunCard as RunCard
from .ui.controls.run_table import RunTable as RunTable

__all__ = [
    "ArgparseForm",
    "ConfigEditor",
    "Dashboard",
    "LogTail",
    "ModulePicker",
    "OpsdashError",
    "RunCard",
    "RunHandle",
    "RunList",
    "RunTable",
    "__version__",
    "form",
    "launch",
    "modules",
    "presets",
    "register_control",
    "run",
    "runs",
    "service",
    "spec",
]
