"""From a request to a started run: the steps of every launch, in one place."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from .. import discovery, rundir
from ..command import CommandLine, python_call, shell_line
from ..errors import ModuleError, ModuleUnreadable, StoreError
from ..model import (
    Actor,
    Capability,
    Environment,
    Kind,
    LaunchRequest,
    ModuleSpec,
    Run,
    RunSpec,
)
from ..ports import Executor
from ..provenance import Collecting
from ..settings import Settings
from . import launching, validating
from .gate import require
from .preview import Preview
from .reading import read_run
from .syncing import Registry
from .validating import Verdict


class Prepared(NamedTuple):
    """A request that may be started: allowed, confirmed, its arguments laid out.

    Attributes:
        request: as it was asked.
        environment: complete and checked.
        module_spec: what the module takes; None where only an argv was given.
        line: the arguments.
        verdict: what its parser says of them; ``off`` where it was not asked.
        provenance: where it comes from, being collected meanwhile.
    """

    request: LaunchRequest
    environment: Environment
    module_spec: ModuleSpec | None
    line: CommandLine
    verdict: Verdict = Verdict(word=validating.OFF)
    provenance: Collecting | None = None

    def spec(self, actor: Actor, settings: Settings) -> RunSpec:
        """The frozen request; what is known of its provenance by now is in it."""
        return launching.run_spec(
            self.request,
            self.module_spec,
            self.line,
            self.environment,
            actor,
            settings,
            self.provenance.result() if self.provenance else None,
        )


class Launcher:
    """Prepares and starts runs for one actor."""

    def __init__(
        self,
        settings: Settings,
        actor: Actor,
        registry: Registry,
        executor: Executor,
        *,
        environments: Callable[[], Sequence[Environment]],
    ) -> None:
        self._settings = settings
        self._actor = actor
        self._registry = registry
        self._executor = executor
        self._environments = environments

    def environment(self, request: LaunchRequest) -> Environment:
        """The environment of a request, complete and checked."""
        wanted = request.environment or self._settings.default_environment
        known = self._environments() if wanted else ()
        return launching.choose_environment(known, request, self._settings)

    def roots(self, cwd: str = "") -> list[Path]:
        """Where modules are looked for: the project first, then our own path."""
        first = [cwd] if cwd else []
        path = [entry for entry in sys.path if entry]
        roots = dict.fromkeys([*first, str(self._settings.project), *path])
        return [Path(root) for root in roots]

    def probe(
        self,
        request: LaunchRequest,
        environment: Environment,
        *,
        fresh: bool = False,
        choices_s: float | None = None,
    ) -> ModuleSpec:
        """What the module of a request takes, in its environment."""
        cache_dir = self._settings.home / "cache"
        spec = discovery.probe_module(
            request.module,
            interpreter=environment.interpreter,
            cwd=Path(environment.cwd),
            variables=environment.variables,
            timeout_s=self._settings.probe_timeout_s,
            cache_dir=cache_dir / "specs",
            fresh=fresh,
            choices_s=choices_s,
            environment=environment.name,
        )
        discovery.correct_kind(spec.path, str(spec.kind), cache_dir / "modules")
        return spec

    def watch(self, module: str, environment: str) -> discovery.ModuleWatch:
        """What a module's spec in an environment came from."""
        request = LaunchRequest(module=module, environment=environment)
        where = self.environment(request)
        key = discovery.spec_key(
            module,
            interpreter=where.interpreter,
            cwd=where.cwd,
            variables=where.variables,
        )
        source = discovery.located(module, self.roots(where.cwd)).path
        cache_dir = self._settings.home / "cache" / "specs"
        return discovery.ModuleWatch(cache_dir, key, source)

    def preview(self, request: LaunchRequest, *, validate: bool = False) -> Preview:
        """What a launch would do.

        Args:
            request: the launch.
            validate: ask the module's parser as well: it converts the values, so not
                while they are still typed.
        """
        environment = self.environment(request)
        spec = self.probe(request, environment) if request.values else None
        line = launching.command_line(request, spec)
        verdict = Verdict(word="")
        if validate:
            verdict = self._verdict(request, spec, environment, line)
        return Preview(
            verdict=verdict.word,
            verdict_message=verdict.message,
            verdict_fields=verdict.fields,
            module=request.module,
            argv=tuple(line.masked),
            shell_line=shell_line(environment.interpreter, request.module, line.masked),
            python_call=python_call(
                request.module,
                request.values,
                line.masked,
                environment=request.environment,
                limits=request.limits,
            ),
            interpreter=environment.interpreter,
            cwd=environment.cwd,
            environment=environment.name,
            variables=launching.masked_variables(environment.variables),
            limits=launching.limits(request, self._settings),
        )

    def launch(
        self, request: LaunchRequest, tell: Callable[[Verdict], None] | None = None
    ) -> Run:
        """Prepare and start a run; ``tell`` gets what its parser said of it."""
        prepared = self.prepare(request)
        if tell is not None:
            tell(prepared.verdict)
        return self.start(prepared)

    def prepare(self, request: LaunchRequest) -> Prepared:
        """Everything of a launch that can be refused, and nothing that is run.

        Raises:
            ValuesError: the values make no command line, or the module's own parser
                refuses the one they make.
        """
        prepared = self.lay_out(request)
        if request.values is None:
            return prepared
        (verdict,) = self.verdicts([prepared])
        verdict.check(request.module)
        return prepared._replace(verdict=verdict)

    def lay_out(self, request: LaunchRequest) -> Prepared:
        """The same without asking the module's parser (see ``verdicts``)."""
        require(self._actor, Capability.LAUNCH)
        environment = self.environment(request)
        packages = self._settings.runners_package
        launching.confirm(request, environment, self._actor, packages)
        provenance = self.collect(request.module, environment)
        if environment.interpreter == sys.executable:
            self._check_module(request.module, environment.cwd)
        module_spec = self.probe(request, environment) if request.values else None
        line = launching.command_line(request, module_spec)
        launching.limits(request, self._settings)  # refused before anything is made
        return Prepared(request, environment, module_spec, line, provenance=provenance)

    def collect(self, module: str, environment: Environment) -> Collecting:
        """Begin to collect where a run of a module would come from."""
        ours = environment.interpreter == sys.executable
        roots = self.roots(environment.cwd) if ours else [Path(environment.cwd)]
        return Collecting(
            interpreter=environment.interpreter,
            cwd=environment.cwd,
            variables=environment.variables,
            home=self._settings.home,
            source=lambda: discovery.located(module, roots).path,
        )

    def verdicts(self, launches: Sequence[Prepared]) -> list[Verdict]:
        """What the parser says of launches of one module in one environment.

        The module is imported once for all of them. Where parsers are not asked, or a
        launch comes without a form, all are ``off``.
        """
        spec = launches[0].module_spec if launches else None
        if spec is None or not self._settings.validate_before_launch:
            off = Verdict(word=validating.OFF, message=validating.SWITCHED_OFF)
            return [off] * len(launches)
        lines = [one.line for one in launches]
        return self._verdicts(spec, launches[0].environment, lines)

    def validate(self, request: LaunchRequest) -> Verdict:
        """What the parser says of a launch, which needs no confirmation for that."""
        require(self._actor, Capability.LAUNCH)
        packages = self._settings.runners_package
        if not launching.is_configured(request.module, packages):
            require(self._actor, Capability.LAUNCH_ANY_MODULE)
        environment = self.environment(request)
        spec = self.probe(request, environment)
        line = launching.command_line(request, spec)
        return self._verdicts(spec, environment, [line])[0]

    def _verdict(
        self,
        request: LaunchRequest,
        spec: ModuleSpec | None,
        environment: Environment,
        line: CommandLine,
    ) -> Verdict:
        """What the parser says; it is not known where it cannot even be read."""
        try:
            spec = spec or self.probe(request, environment)
        except ModuleError as error:
            return Verdict(word=validating.UNKNOWN, message=error.message)
        return self._verdicts(spec, environment, [line])[0]

    def _verdicts(
        self, spec: ModuleSpec, environment: Environment, lines: Sequence[CommandLine]
    ) -> list[Verdict]:
        timeout_s = self._settings.validate_timeout_s
        return validating.asked(spec, environment, lines, timeout_s)

    def start(self, prepared: Prepared) -> Run:
        """Make the run directory and start its supervisor."""
        environment, line = prepared.environment, prepared.line
        spec = prepared.spec(self._actor, self._settings)
        run_dir, lock = rundir.create_run_dir(self._settings.runs_dir, spec)
        secrets = launching.secret_variables(environment.variables)
        self._executor.submit(run_dir, spec, lock, line.secrets, secrets)
        run = read_run(run_dir)
        with contextlib.suppress(StoreError):  # it runs: the next sync adds it
            self._registry.add(run)
        return run

    def _check_module(self, module: str, cwd: str) -> None:
        listing = discovery.listing(module, self.roots(cwd))
        if listing.kind is Kind.BROKEN:
            raise ModuleUnreadable(
                module,
                f"{module} does not parse: {listing.error}",
                "Correct its source, then launch again.",
            )
