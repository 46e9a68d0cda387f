"""Real servers for the tests, ended together with all that they started."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self, TypeVar

import psutil

PATIENCE_S = 60.0
"""Generous: a deadline that is missed is a failure, never a slow machine."""

_Found = TypeVar("_Found")


def until(find: Callable[[], _Found | None], what: str) -> _Found:
    """Poll until something is found.

    Raises:
        AssertionError: it was not found in time.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        found = find()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Served:
    """A server process, what it printed, and its end with everything below it.

    Attributes:
        home: the ``OPSDASH_HOME`` of the server and of all that it starts.
        url: the address of its first page, with the token.
    """

    def __init__(
        self, command: list[str], home: Path, cwd: Path, **variables: str
    ) -> None:
        self.home = home
        self.url = ""
        self._lines: list[str] = []
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=_environment(home) | variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    @property
    def output(self) -> str:
        """What the server has printed so far."""
        return "".join(self._lines)

    @property
    def base(self) -> str:
        """The address without the token, ending in a slash."""
        return self.url.split("?")[0]

    @property
    def token(self) -> str:
        """The token of the address."""
        return self.url.split("token=")[-1]

    def wait_for_url(self, pattern: str = r"http://127\.0\.0\.1:\d+/\S*") -> Self:
        """Wait until the server has printed its address."""

        def printed() -> str | None:
            assert self.process.poll() is None, f"the server ended:\n{self.output}"
            found = re.search(pattern, self.output)
            return found[0] if found else None

        self.url = until(printed, "the server printed its address")
        return self

    def get(self, path: str = "", **headers: str) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of a page, asked for without cookies."""
        return self.send("GET", path, **headers)

    def send(
        self, method: str, path: str, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers of an answer; a redirect is not followed."""
        request = urllib.request.Request(  # noqa: S310 # our own server
            self.base + path, headers=headers, method=method
        )
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=PATIENCE_S) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode(), dict(error.headers)

    def health(self) -> dict[str, Any]:
        """What the server says about itself to who has the token."""
        _, body, _ = self.get("opsdash/health", Authorization=f"token {self.token}")
        return dict(json.loads(body))

    def kernels(self) -> list[psutil.Process]:
        """The kernels that the server has started."""
        below = psutil.Process(self.process.pid).children(recursive=True)
        return [one for one in below if "ipykernel_launcher" in _command(one)]

    def kernel_ids(self) -> list[str]:
        """The ids of those kernels, read from their command lines."""
        commands = " ".join(_command(one) for one in self.kernels())
        return re.findall(r"kernel-([0-9a-f-]{36})\.json", commands)

    def end(self) -> None:
        """End the server, its kernels, and the runs that were launched from them."""
        below: list[psutil.Process] = []
        with contextlib.suppress(psutil.NoSuchProcess):
            below = psutil.Process(self.process.pid).children(recursive=True)
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE_S)
        for process in [*below, *_of_home(self.home)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.append(line)


def standalone(home: Path, project: Path) -> Served:
    """The standalone app on a free port."""
    serve = "import sys, opsdash_widgets.server as s; sys.exit(s.serve(port=0))"
    return Served([sys.executable, "-c", serve], home, project).wait_for_url()


def jupyter_lab(home: Path, project: Path) -> Served:
    """JupyterLab on a free port, with settings and a home of its own."""
    port = free_port()
    options = {
        "IdentityProvider.token": "of-the-test",
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": str(port),
        "ServerApp.port_retries": "0",
        "ServerApp.root_dir": str(project),
        "LabApp.news_url": "None",
        "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    }
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root"]
    command += [f"--{name}={value}" for name, value in options.items()]
    served = Served(command, home, project)
    served.wait_for_url(rf"http://127\.0\.0\.1:{port}/lab\S*")
    served.url = f"http://127.0.0.1:{port}/?token=of-the-test"
    return served


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Let the caller see the redirect itself."""


def _environment(home: Path) -> dict[str, str]:
    """The environment, with homes of its own and nothing of a surrounding Jupyter."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "JPY", "OPSDASH", "VOILA"))
    }
    folders = {"HOME": home.parent / "user", "IPYTHONDIR": home.parent / "ipython"}
    for folder in folders.values():
        folder.mkdir(exist_ok=True)
    own = {name: str(folder) for name, folder in folders.items()}
    return kept | own | {"OPSDASH_HOME": str(home), "PYTHONUNBUFFERED": "1"}


def _of_home(home: Path) -> Iterator[psutil.Process]:
    """The processes that work for a home folder: supervisors and their jobs."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("OPSDASH_HOME") == str(home):
                yield process


def _command(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""
