"""The notebook cell's face without widgets: launch, await, read, stop, find again."""

from __future__ import annotations

from .handle import RunHandle, RunLog
from .launch import launch
from .listing import RunList, modules, run, runs, spec
from .session import service

__all__ = [
    "RunHandle",
    "RunList",
    "RunLog",
    "launch",
    "modules",
    "run",
    "runs",
    "service",
    "spec",
]
