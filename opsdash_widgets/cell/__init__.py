"""The notebook cell's face without widgets: launch, await, read, stop, find again."""

from __future__ import annotations

from .form import form
from .group import GroupHandle
from .handle import RunHandle, RunLog
from .launch import launch
from .listing import RunList, modules, run, runs, spec
from .presets import PresetHandle, PresetList, presets
from .session import service
from .sweep import group, sweep

__all__ = [
    "GroupHandle",
    "PresetHandle",
    "PresetList",
    "RunHandle",
    "RunList",
    "RunLog",
    "form",
    "group",
    "launch",
    "modules",
    "presets",
    "run",
    "runs",
    "service",
    "spec",
    "sweep",
]
