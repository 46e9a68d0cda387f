"""What it costs to ask a module for its arguments, and its parser for a verdict.

The bar hangs on the module: the time that its own ``--help`` takes in the same
interpreter is subtracted, measured in turn with it. Everything that
``Service.module_spec`` and ``Service.validate`` do is in the figure: settings,
environment, sandbox, interpreter, import, parser, spec, cache.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from opsdash_widgets.core import discovery
from opsdash_widgets.core.model import (
    Actor,
    LaunchRequest,
    ModuleSpec,
    Role,
)
from opsdash_widgets.core.service import Service, open_service

from .figure import Figure

PROJECT = Path(__file__).parents[1]
ROUNDS = 9
MODULES = (
    *("runners.backtest", "runners.first_model", "runners.price_options"),
    *("runners.rebuild_curves", "runners.var_report", "runners.nightly_batch"),
    *("json.tool", "zipfile", "tarfile", "http.server", "venv", "ast"),
)
SWEPT = 250


def figures_of_probing() -> list[Figure]:
    """The probe, cold and from the cache; the validation, of one argv and of 250."""
    with (
        tempfile.TemporaryDirectory() as home,
        mock.patch.dict(os.environ, OPSDASH_HOME=home),
        contextlib.closing(
            open_service(PROJECT, Actor(name="bench", role=Role.ADMIN))
        ) as service,
    ):
        return [
            _beyond_help("the probe beyond `--help`", service, _probe),
            _cached(service),
            *_validated(service),
        ]


def _beyond_help(
    name: str, service: Service, ask: Callable[[Service, str], object]
) -> Figure:
    beyond: dict[str, float] = {}
    for module in MODULES:
        help_ms, asked_ms = [], []
        for _ in range(ROUNDS):
            help_ms.append(_timed(lambda module=module: _help(module)))
            asked_ms.append(_timed(lambda module=module: ask(service, module)))
        beyond[module] = statistics.median(asked_ms) - statistics.median(help_ms)
    worst = max(beyond, key=lambda module: beyond[module])
    return Figure(
        name=name,
        value=statistics.median(beyond.values()),
        unit="ms",
        target=150,
        note=f"{len(MODULES)} modules, {ROUNDS} rounds; worst {worst}, "
        f"{beyond[worst]:.0f} ms",
    )


def _cached(service: Service) -> Figure:
    took = []
    for module in MODULES:
        service.module_spec(module)
        took += [
            _timed(lambda module=module: service.module_spec(module))
            for _ in range(ROUNDS)
        ]
    return Figure(
        name="the probe from the cache",
        value=statistics.median(took),
        unit="ms",
        target=30,
        note=f"{len(took)} times, worst {max(took):.1f} ms",
    )


def _validated(service: Service) -> list[Figure]:
    if service.validation_off():
        return []
    spec = service.module_spec("http.server")
    argvs = [[str(8_000 + number)] for number in range(SWEPT)]
    took = [_timed(lambda: _sweep(spec, argvs)) for _ in range(ROUNDS)]
    return [
        _beyond_help("a launch's validation beyond `--help`", service, _validate),
        Figure(
            name=f"{SWEPT} command lines validated",
            value=statistics.median(took),
            unit="ms",
            target=3_000,
            note=f"one import; {ROUNDS} rounds, best {min(took):.0f} ms",
        ),
    ]


def _probe(service: Service, module: str) -> object:
    return service.module_spec(module, fresh=True)


def _validate(service: Service, module: str) -> object:
    return service.validate(LaunchRequest(module=module, argv=()))


def _sweep(spec: ModuleSpec, argvs: list[list[str]]) -> None:
    said = discovery.validate(
        spec.module,
        argvs,
        interpreter=sys.executable,
        cwd=PROJECT,
        spec=spec,
        timeout_s=60,
    )
    assert all(verdict.accepted for verdict in said.verdicts)


def _help(module: str) -> object:
    return subprocess.run(
        [sys.executable, "-m", module, "--help"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=PROJECT,
        check=False,
    )


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return (time.perf_counter() - started) * 1000
