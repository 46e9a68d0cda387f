"""Nobody comes in without the token, from elsewhere, or under another name."""

from __future__ import annotations

import asyncio
from http.cookies import SimpleCookie

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from tests.serving import Served, until

KERNEL = "00000000-0000-4000-8000-000000000000"
PAGES = [
    "",
    "?theme=dark",
    "opsdash/static/page.js",
    "voila/static/voila.js",
    "voila/templates/lab/static/theme-light.css",
    "voila/labextensions/anywidget/package.json",
    "voila/api/themes/x",
    "voila/files/dashboard.ipynb",
    f"api/kernels/{KERNEL}",
    f"api/kernels/{KERNEL}/channels",
    f"opsdash/page/{KERNEL}",
    "login",
    "nothing/here",
    "?token=wrong",
]
SOCKETS = [f"api/kernels/{KERNEL}/channels", f"opsdash/page/{KERNEL}"]


def cookie(server: Served) -> str:
    """The cookie that the first visit gives."""
    status, _, headers = server.get(f"?token={server.token}")
    assert status == 302
    jar = SimpleCookie(headers["Set-Cookie"])
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items())


def open_socket(server: Served, path: str, **headers: str) -> int:
    """The status that a WebSocket is answered with; 101 if it opens."""

    async def attempt() -> int:
        url = server.base.replace("http:", "ws:") + path
        try:
            opened = await websocket_connect(HTTPRequest(url, headers=headers))
        except HTTPClientError as error:
            return error.code
        opened.close()
        return 101

    return asyncio.run(attempt())


@pytest.mark.parametrize("path", PAGES)
def test_every_route_asks_for_the_token(server: Served, path: str) -> None:
    status, body, _ = server.get(path, Accept="text/html")
    assert status == 403
    assert "token that `opsdash serve` printed" in body


@pytest.mark.parametrize("path", SOCKETS)
def test_every_websocket_asks_for_the_token(server: Served, path: str) -> None:
    assert open_socket(server, path) == 403


@pytest.mark.parametrize("path", SOCKETS)
def test_a_websocket_from_another_origin_is_refused(server: Served, path: str) -> None:
    kernel = until(lambda: server.kernel_ids(), "a kernel waits")[0]
    headers = {"Cookie": cookie(server), "Origin": "http://elsewhere.example"}
    assert open_socket(server, path.replace(KERNEL, kernel), **headers) == 403


def test_a_websocket_of_the_page_itself_is_opened(server: Served) -> None:
    headers = {"Cookie": cookie(server), "Origin": server.base.rstrip("/")}
    assert open_socket(server, f"opsdash/page/{KERNEL}", **headers) == 101


def test_the_first_visit_goes_on_to_an_address_without_the_token(
    server: Served,
) -> None:
    status, body, headers = server.get(f"?token={server.token}&theme=dark")
    assert (status, headers["Location"]) == (302, "/?theme=dark")
    assert server.token not in body
    assert "HttpOnly" in headers["Set-Cookie"]


@pytest.mark.parametrize("host", ["elsewhere.example", "127.0.0.1.elsewhere.example"])
def test_a_foreign_host_name_is_refused_with_the_token_too(
    server: Served, host: str
) -> None:
    status, _, _ = server.get("", Host=host, Authorization=f"token {server.token}")
    assert status == 403


def test_another_ports_cookie_is_no_way_in(server: Served) -> None:
    forged = "username-127-0-0-1-1=x"
    assert server.get("", Cookie=forged)[0] == 403


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_what_changes_something_needs_the_pages_own_mark(
    server: Served, method: str
) -> None:
    path = {"POST": f"voila/api/shutdown/{KERNEL}", "DELETE": f"api/kernels/{KERNEL}"}
    status, _, _ = server.send(method, path[method], Cookie=cookie(server))
    assert status == 403


@pytest.mark.parametrize("path", ["../pyproject.toml", "%2e%2e%2fpages.py", "%00"])
def test_a_path_that_climbs_is_not_followed(server: Served, path: str) -> None:
    for folder in ("opsdash/static/", "voila/static/", "voila/files/"):
        status, _, _ = server.get(folder + path, Cookie=cookie(server))
        assert status in {400, 403, 404}


def test_the_page_lets_nothing_foreign_and_no_inline_script_run(
    server: Served,
) -> None:
    _, body, headers = server.get("", Cookie=cookie(server))
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self' blob:;" in policy
    assert "default-src 'self'" in policy
    assert "http://" not in body.replace("http://127.0.0.1", "")
    assert "https://" not in body
    until(lambda: server.health()["waiting_kernels"] >= 0, "the server is well")


def test_health_is_answered_to_anybody_and_starts_no_kernel(server: Served) -> None:
    before = server.health()["kernels"]
    status, body, _ = server.get("opsdash/health")
    assert (status, body) == (200, '{"status": "ok"}')
    assert server.health()["kernels"] == before


def test_health_tells_who_has_the_token_what_runs(server: Served) -> None:
    assert set(server.health()) == {
        "status",
        "version",
        "kernels",
        "waiting_kernels",
        "ready_kernels",
        "pages",
    }
