"""The standalone app: Voila with our page, our access rules and a clean end."""

from __future__ import annotations

import asyncio
import logging
import shutil
import signal
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import nbformat
from tornado import web
from tornado.httpserver import HTTPServer
from traitlets import Float, Instance, Unicode, default
from traitlets.config import Config
from voila.app import Voila
from voila.configuration import VoilaConfiguration
from voila.tornado.handler import TornadoVoilaHandler

from .access import HEADERS, TokenIdentity, guarded
from .health import HealthHandler
from .kernels import OwnKernelSpecs, PanelKernels
from .page import NothingHereHandler, PanelHandler
from .pages import Pages, PageSocket, end_abandoned
from .starting import start_what_waits

HERE = Path(__file__).parent
NOTEBOOK = HERE / "dashboard.ipynb"
TEMPLATE = HERE / "template"
STATIC = HERE / "static"
"""Where the front-end build puts the page's own script and style."""

EXTENSIONS = [
    "anywidget",
    "@jupyter-widgets/jupyterlab-manager",
    "@voila-dashboards/widgets-manager8",
]
"""What the panel is drawn with; each further extension costs the first page time."""

VOILA_CONFIG = Config(
    {
        "VoilaConfiguration": {
            "template": "base",  # ours comes before it, see setup_template_dirs
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "extension_allowlist": EXTENSIONS,
            "extension_denylist": [],
            "file_allowlist": [],
            "show_tracebacks": True,  # our template says what happened before them
            "kernel_spec_manager_class": OwnKernelSpecs,
            # The page says itself that it is still loading; no proxy needs a sign.
            "http_keep_alive_timeout": 3600,
        },
        "NotebookNotary": {"db_file": ":memory:"},
        # A kernel that died has lost the panel's state: a new one in its place would
        # be a page that looks alive and answers nothing.
        "AsyncIOLoopKernelRestarter": {"restart_limit": 0, "time_to_dead": 1.0},
    }
)

SOCKET_NAME = "/kernel-00000000-0000-0000-0000-000000000000-ipc-5"
LONGEST_SOCKET_PATH = 107
"""``sun_path`` of unix(7), less its closing zero byte."""

KERNEL_ID = r"(\w+-\w+-\w+-\w+-\w+)"


class PanelApp(Voila):  # type: ignore[misc] # voila ships no types
    """Serves one notebook, the panel, on sockets that already listen."""

    project = Instance(Path, help="The folder that kernels start in.")
    title = Unicode("Ops", help="The page's title.")
    theme = Unicode("auto", help="light, dark, or auto: as the visitor's system.")
    settings_files = Instance(tuple, (), help="Files that a waiting kernel has read.")
    sockets = Instance(list, (), help="The sockets to serve on.")

    template_paths: list[str]
    kernel_manager: PanelKernels
    abandoned_after_s = Float(20.0, help="How long a kernel lives without a page.")

    @default("log_level")
    def _default_log_level(self) -> int:
        return logging.WARNING

    def initialize(self, argv: object = None) -> None:
        """Set Voila up; no file of the user's and no command line has a say in it."""
        self.pages = Pages()
        self.notebook_path = str(NOTEBOOK)
        self.identity_provider_class = TokenIdentity
        self.update_config(VOILA_CONFIG)
        self.voila_configuration = VoilaConfiguration(parent=self)
        # Refused visits, and a remark on Jupyter's own ping times at every page.
        for name in ("tornado.access", "tornado.general"):
            logging.getLogger(name).setLevel(logging.ERROR)
        self.setup_template_dirs()

    def setup_template_dirs(self) -> None:
        """Find our template in the package, and Voila's static files where they are."""
        super().setup_template_dirs()
        self.template_paths = [str(TEMPLATE), *self.template_paths]

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings, with the Host header checked and our headers set."""
        settings: dict[str, Any] = super().init_settings()
        # Our own file: without a signature Voila warns about it at every start.
        notebook = nbformat.read(NOTEBOOK, 4)  # type: ignore[no-untyped-call] # theirs
        self.contents_manager.notary.sign(notebook)
        self.kernel_manager = PanelKernels(
            parent=self,
            connection_dir=self.connection_dir,
            kernel_spec_manager=self.kernel_spec_manager,
            allowed_message_types=self.kernel_manager.allowed_message_types,
        )
        settings |= {
            "kernel_manager": self.kernel_manager,
            "allow_remote_access": False,
            "headers": HEADERS,
            "opsdash_pages": self.pages,
            "opsdash_title": self.title,
            "opsdash_theme": self.theme,
            "opsdash_background": self._in_background,
        }
        return settings

    def init_handlers(self) -> list[tuple[Any, ...]]:
        """Our routes first, then Voila's, all of them behind the gate.

        Left out is Voila's page, which ours replaces.
        """
        own = [
            (r"/", PanelHandler, self._page_arguments()),
            (r"/opsdash/static/(.*)", web.StaticFileHandler, {"path": str(STATIC)}),
            (rf"/opsdash/page/{KERNEL_ID}", PageSocket),
        ]
        voila = [
            route
            for route in super().init_handlers()
            if not issubclass(route[1], TornadoVoilaHandler)
        ]
        routes = [*own, *voila, (r"/(.*)", NothingHereHandler)]
        gated = [(path, guarded(handler), *rest) for path, handler, *rest in routes]
        return [(r"/opsdash/health", HealthHandler), *gated]

    def start(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serve until SIGINT or SIGTERM.

        Args:
            ready: called once the page can be asked for.
        """
        asyncio.run(self._serve(ready))

    async def _serve(self, ready: Callable[[], None]) -> None:
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        self._tasks: set[asyncio.Task[None]] = set()
        self.connection_dir = tempfile.mkdtemp(prefix="opsdash_")
        transport = Config({"KernelManager": {"transport": self._transport()}})
        self.update_config(transport)
        try:
            server = self._open()
            self._in_background(self._end_abandoned())
            self._in_background(start_what_waits(self.project))
            ready()
            await stop.wait()
            server.stop()
        finally:
            await self._close()

    def _transport(self) -> str:
        """Socket files in a folder that only the user may enter, ports elsewhere."""
        fits = len(self.connection_dir) + len(SOCKET_NAME) <= LONGEST_SOCKET_PATH
        return "ipc" if fits else "tcp"

    def _open(self) -> HTTPServer:
        # The first kernel is asked for in init_settings, and looks for self.app.
        self.app = web.Application()
        self.app.settings.update(self.init_settings())
        self.app.add_handlers(".*$", self.init_handlers())
        server = HTTPServer(self.app)
        server.add_sockets(self.sockets)
        return server

    async def _close(self) -> None:
        # What a kernel that is being ended complains of is no news to anybody.
        self.log.setLevel(logging.ERROR)
        for task in self._tasks:
            task.cancel()
        self.pages.forget()
        await self.kernel_manager.end_all()
        shutil.rmtree(self.connection_dir, ignore_errors=True)

    async def _end_abandoned(self) -> None:
        kernels: PanelKernels = self.kernel_manager
        await end_abandoned(
            self.pages,
            kernels.page_ids,
            lambda kernel_id: kernels.shutdown_kernel(kernel_id, now=True),
            after_s=self.abandoned_after_s,
        )

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _page_arguments(self) -> dict[str, Any]:
        return {
            "notebook_path": NOTEBOOK.name,
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
        }
