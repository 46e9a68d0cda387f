"""``GET /``: the panel, its frame at once and the rest when its kernel is there."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

from tornado import web
from voila.tornado.handler import TornadoVoilaHandler

THEMES = ("auto", "light", "dark")


class PanelHandler(TornadoVoilaHandler):  # type: ignore[misc] # voila ships no types
    """Voila's page, drawn by our template in two parts."""

    async def get(self, path: str | None = None) -> None:
        """Send the frame with its loading state, then the panel."""
        if self.get_query_argument("token", ""):
            self._forget_the_token()
            return
        # Reading it sets the cookie without which the page cannot end its kernel when
        # it is closed (voila#1458); after the first flush it is too late.
        _ = self.xsrf_token
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.write(self._render("frame.html.j2", theme=self._theme()))
        await self.flush()
        if self.kernel_manager.is_stale():
            self.settings["opsdash_background"](self.kernel_manager.renew_waiting())
        try:
            async for html in self.get_generator():
                self.write(html)
                await self.flush()
        except asyncio.CancelledError:
            raise
        except Exception:
            # The frame is out already: a status code can no longer say it.
            self.log.exception("The panel's kernel could not be started")
            self.write(self._render("failed.html.j2"))

    def should_use_rendered_notebook(self, *_: Any) -> bool:
        """Take the kernel that waits; the theme is the browser's business."""
        return bool(self.kernel_manager.can_serve())

    def _forget_the_token(self) -> None:
        """Go on to the address without the token, which the cookie now stands for."""
        rest = [
            (name, value)
            for name, values in self.request.query_arguments.items()
            if name != "token"
            for value in values
        ]
        url = self.base_url + (f"?{urlencode(rest)}" if rest else "")
        self.set_header("Cache-Control", "no-store")
        self.set_header("Location", url)
        self.set_status(302)
        self.finish(self._render("moved.html.j2", url=url))

    def _theme(self) -> str:
        asked: str = self.get_query_argument("theme", "")
        return asked if asked in THEMES else str(self.settings["opsdash_theme"])

    def _render(self, name: str, **values: Any) -> str:
        template = self.settings["voila_jinja2_env"].get_template(name)
        return str(
            template.render(
                title=self.settings["opsdash_title"], base_url=self.base_url, **values
            )
        )


class NothingHereHandler(web.RequestHandler):
    """Every address that nothing else answers."""

    def get(self, path: str = "") -> None:
        """Say that there is nothing here."""
        raise web.HTTPError(404)
