"""The service: the one thing that every face talks to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from .. import configs, discovery, rundir
from ..errors import OpsdashError, RunNotFound
from ..follow import LogFile
from ..model import (
    Actor,
    Capability,
    Environment,
    LaunchRequest,
    ModuleListing,
    ModuleSpec,
    Run,
    RunPage,
    RunQuery,
    RunState,
)
from ..ports import Executor
from ..redaction import Redactor
from ..settings import Settings
from .adopting import Adoption
from .audit import AuditLog
from .folders import Folders
from .gate import require
from .groups import Groups
from .launcher import Launcher
from .presets import Presets
from .preview import Preview
from .processes import Processes
from .reading import DOUBTFUL, folder_of
from .stopping_all import StoppingAll
from .syncing import Registry
from .validating import SWITCHED_OFF, Verdict

if TYPE_CHECKING:
    from .doctor import Doctor

CHOICES_S = 60.0
"""Choices that a module computes for its form are asked again after this time."""

ACTIVE = tuple(state for state in RunState if not state.is_terminal)


class Service(StoppingAll):
    """Launch, watch, control and find runs, as one actor.

    Methods may be called from any thread. Whatever an actor may not do raises
    ``PermissionDenied`` here, whichever face asked.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        actor: Actor,
        registry: Registry,
        executor: Executor,
        audit: AuditLog,
    ) -> None:
        self.settings = settings
        self.actor = actor
        self._registry = registry
        self._executor = executor
        self._adoption = Adoption(executor)
        self._audit = audit
        self._launcher = Launcher(
            settings, actor, registry, executor, environments=self.environments
        )
        self.folders = Folders(settings, actor, self._launcher.environment)
        self.groups = Groups(
            settings, actor, audit, self._launcher, registry, executor, self.stop
        )
        self.presets = Presets(settings, actor, audit, self._launcher, registry.store)
        self.processes = Processes(settings, actor, audit)

    @property
    def notice(self) -> str:
        """A sentence for the user about the registry, or empty."""
        return self._registry.store.notice

    @cached_property
    def doctor(self) -> Doctor:
        """Who looks at the home folder and repairs it."""
        from .doctor import Doctor  # 20 ms that most sessions save

        where = (self.settings.home, self.settings.project)
        return Doctor(*where, self.actor, self._audit, self._executor)

    # Modules

    def packages(self) -> tuple[str, ...]:
        """The configured packages."""
        return self.settings.runners_package

    def modules(self, packages: Sequence[str] | None = None) -> list[ModuleListing]:
        """The modules of packages (by default the configured ones), never imported.

        Raises:
            ModuleNotFound: there is no package of a given name.
        """
        require(self.actor, Capability.SEE)
        wanted = self.packages() if packages is None else packages
        cache = self.settings.home / "cache" / "modules"
        return discovery.find_modules(wanted, self._launcher.roots(), cache)

    def module_spec(
        self,
        module: str,
        *,
        environment: str = "",
        interpreter: str = "",
        cwd: str = "",
        fresh: bool = False,
    ) -> ModuleSpec:
        """What a module takes, from its own parser in the environment's interpreter.

        This runs the probe and may take seconds.

        Raises:
            ModuleError: the module is not there, does not parse, or its parser cannot
                be read.
            EnvironmentNotUsable: the interpreter or the working folder is not there.
        """
        require(self.actor, Capability.SEE)
        request = LaunchRequest(
            module=module, environment=environment, interpreter=interpreter, cwd=cwd
        )
        where = self._launcher.environment(request)
        return self._launcher.probe(request, where, fresh=fresh, choices_s=CHOICES_S)

    def watch_module(
        self, module: str, *, environment: str = ""
    ) -> discovery.ModuleWatch:
        """What a module's spec came from, to ask now and then whether it has changed.

        Raises:
            EnvironmentNotUsable: the interpreter or the working folder is not there.
        """
        require(self.actor, Capability.SEE)
        return self._launcher.watch(module, environment)

    def watch_modules(self, packages: Sequence[str]) -> discovery.PackagesWatch:
        """The modules of packages, to ask now and then whether some have changed."""
        require(self.actor, Capability.SEE)
        return discovery.PackagesWatch(packages, self._launcher.roots())

    # Environments

    def environments(self) -> tuple[Environment, ...]:
        """The named environments of ``config.ini``."""
        return configs.environments(self.read_config(), self.settings)

    def read_config(self) -> configs.ConfigFile:
        """The configuration file, or the one that would be offered.

        Raises:
            ConfigError: it cannot be read.
        """
        require(self.actor, Capability.SEE)
        return configs.read_config(self.settings.config_file)

    def save_config(self, file: configs.ConfigFile) -> configs.ConfigFile:
        """Write the configuration file.

        Returns:
            The file as it now is on disk.

        Raises:
            PermissionDenied: the actor may not.
            ConfigError: it cannot be written, or somebody else has changed it.
        """
        require(self.actor, Capability.EDIT_CONFIG)
        path = self.settings.config_file
        saved = configs.write_config(path, file)
        self._audit.record(self.actor, "save config", "saved", file=str(path))
        return saved

    # Launching

    def preview(self, request: LaunchRequest, *, validate: bool = False) -> Preview:
        """What a launch would do; nothing is run but, if need be, the probe.

        Args:
            request: the launch.
            validate: say also what the module's own parser says of it, for an actor
                who might launch it. Its converters run for that, so never for values
                that are still typed.

        Raises:
            OpsdashError: as ``launch`` would, but for the confirmation and for what
                only the module's own parser refuses.
        """
        require(self.actor, Capability.SEE)
        may_ask = Capability.LAUNCH in self.actor.role.capabilities
        return self._launcher.preview(request, validate=validate and may_ask)

    def validate(self, request: LaunchRequest) -> Verdict:
        """What the module's own parser says of a launch; nothing is launched.

        Raises:
            OpsdashError: as ``launch`` would, but for the confirmation and for what
                only the module's own parser refuses.
        """
        return self._launcher.validate(request)

    def validation_off(self) -> str:
        """Why parsers are not asked before a launch; empty where they are."""
        if not self.settings.validate_before_launch:
            return SWITCHED_OFF
        return discovery.validation_off()

    def launch(
        self, request: LaunchRequest, tell: Callable[[Verdict], None] | None = None
    ) -> Run:
        """Launch a module as a detached run.

        Args:
            request: the launch.
            tell: called before it starts with what the module's parser says of it,
                unless that is a refusal.

        Raises:
            PermissionDenied: the actor may not launch, or not this module.
            ConfirmationNeeded: the request must be confirmed first.
            ValuesError: the form's values make no command line, or the module's own
                parser refuses the one they make.
            ModuleError: the module is not there or cannot be read.
            EnvironmentNotUsable: the interpreter or the working folder is not there.
            LaunchError: the run could not be started.
        """
        try:
            run = self._launcher.launch(request, tell)
        except OpsdashError as error:
            name = type(error).__name__
            self._audit.record(self.actor, "launch", name, module=request.module)
            raise
        self._audit.record(
            self.actor, "launch", "launched", module=request.module, run=run.run_id
        )
        return run

    # Finding and watching

    def run(self, run_id: str) -> Run:
        """A run by its id, or by an unambiguous beginning or end of it, read fresh.

        One that has lost its supervisor gets a new one on the way.

        Raises:
            RunNotFound: none, or more than one, answers to it.
        """
        require(self.actor, Capability.SEE)
        run = self._read(run_id)
        self._adoption.adopt(run)
        return run

    def _read(self, run_id: str) -> Run:
        path = rundir.run_dir_path(self.settings.runs_dir, run_id)
        known = self._registry.store.get(run_id)
        if known is None and path.is_dir() and not path.is_symlink():
            return self._registry.read_new(path)
        if known is None:
            known = self._find(run_id)
        return self._registry.read_again(known)

    def _find(self, fragment: str) -> Run:
        self.sync()
        ids = self._registry.store.find(fragment)
        known = self._registry.store.get(ids[0]) if len(ids) == 1 else None
        if known is not None:
            return known
        if len(ids) > 1:
            raise RunNotFound(
                f"{fragment} could be {len(ids)} runs or more: {', '.join(ids[:5])}.",
                "Give more of the id.",
            )
        raise RunNotFound(
            f"There is no run {fragment}.",
            "List the runs with `opsdash ps -a` or on the Runs page.",
        )

    def runs(self, query: RunQuery | None = None) -> RunPage:
        """One window of the runs that a query selects, as the registry knows them."""
        require(self.actor, Capability.SEE)
        return self._registry.store.page(query or RunQuery())

    def as_now(self, listed: Run) -> Run:
        """A listed run as it is now: how long it has run, how a lost one did end."""
        verdict = listed.verdict
        if verdict.state is RunState.QUEUED or verdict.outcome not in DOUBTFUL:
            return listed
        try:
            return self.run(listed.run_id)
        except OpsdashError:  # what the registry knows is all there is
            return listed

    def counts(self) -> dict[str, int]:
        """How many active runs there are, by state."""
        require(self.actor, Capability.SEE)
        counts = dict.fromkeys((str(state) for state in ACTIVE), 0)
        return counts | self._registry.store.counts()

    def log(self, run_id: str) -> LogFile:
        """A window on a run's output; the caller closes it.

        Raises:
            RunNotFound: there is no such run.
            RunGone: its directory is not there.
            RunUnreadable: its directory cannot be read now.
        """
        return LogFile(folder_of(self.run(run_id)), Redactor())

    def sync(self) -> tuple[str, ...]:
        """Bring the registry up to date; the ids of the rows that changed.

        What has lost its supervisor gets a new one on the way.
        """
        require(self.actor, Capability.SEE)
        self._executor.reap()
        changed = self._registry.sync()
        ended, self._registry.ended = self._registry.ended, []
        self._adoption.look(self._registry.orphans, ended)
        return changed

    async def wait(self, run_id: str, *, poll_s: float = 0.1) -> Run:
        """Wait until a run has ended."""
        while not (run := await asyncio.to_thread(self.run, run_id)).is_terminal:
            await asyncio.sleep(poll_s)
        return run

    async def watch(self, poll_s: float = 0.5) -> AsyncIterator[tuple[str, ...]]:
        """Yield the ids of changed runs whenever there are any, for ever.

        An empty tuple says that another process has changed the registry. Whoever
        watches also starts what waits in groups.
        """
        seen = self._registry.store.version()
        while True:
            await asyncio.to_thread(self.groups.attend)
            changed = await asyncio.to_thread(self.sync)
            version = self._registry.store.version()
            if changed or version != seen:
                seen = version
                yield changed
            await asyncio.sleep(poll_s)

    def close(self) -> None:
        """Start nothing more of what waits, and release the registry."""
        self.groups.close()
        self._registry.store.close()
