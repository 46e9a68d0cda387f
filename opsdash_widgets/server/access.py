"""Who may come in: one token for the server, asked for on every route.

The token travels once, in the URL that ``opsdash serve`` prints; from then on a signed
cookie stands for it. Both are Jupyter Server's own (``IdentityProvider``); what is
added here is that routes which Voila leaves open ask as well, and a page that tells a
visitor without the token where to find the URL.
"""

from __future__ import annotations

import getpass
import hmac
import inspect
from typing import Any
from urllib.parse import unquote

from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import JupyterHandler
from tornado import web

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        # A control's module arrives as text and is imported from a blob.
        "script-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
"""Nothing from elsewhere, no inline script: an injected one does not run."""

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class TokenIdentity(IdentityProvider):
    """Everybody who has the token is the user who started the server."""

    async def get_user_token(self, handler: web.RequestHandler) -> User | None:
        """The user, if the request carries the token."""
        given = self.get_token(handler) or ""
        if not self.token or not hmac.compare_digest(
            given.encode("utf-8"), self.token.encode("utf-8")
        ):
            return None
        return self.generate_anonymous_user(handler)

    def generate_anonymous_user(self, handler: web.RequestHandler) -> User:
        """The user who started the server."""
        return User(getpass.getuser())

    def get_handlers(self) -> list[tuple[str, object]]:
        """None: there is no form to log in with, only the URL."""
        return []


class Gate:
    """Put before a handler's own class: nothing of it runs without the token."""

    async def prepare(self: Any) -> None:
        """Refuse who has no token, then let the handler's own checks run."""
        if await self.identity_provider.get_user(self) is None:
            raise web.HTTPError(403)
        if "\0" in unquote(self.request.path):
            raise web.HTTPError(404)  # no file's name; the file handlers fail on it
        prepared = super().prepare()  # type: ignore[misc] # of the handler it precedes
        if inspect.isawaitable(prepared):
            await prepared

    def write_error(self: Any, status_code: int, **kwargs: Any) -> None:
        """One sentence that says what to do, for a person and for a program alike."""
        sentence = _SENTENCES.get(status_code, _SENTENCES[500])
        if "text/html" not in self.request.headers.get("Accept", "text/html"):
            self.finish({"message": sentence})
            return
        environment = self.settings["voila_jinja2_env"]
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.finish(
            environment.get_template("refused.html.j2").render(
                sentence=sentence, base_url=self.settings["base_url"]
            )
        )


def guarded(handler: type[web.RequestHandler]) -> type[web.RequestHandler]:
    """The same handler behind the gate, with Jupyter Server's checks on all of them."""
    bases: tuple[type, ...] = (Gate, handler)
    if not issubclass(handler, JupyterHandler):
        # Without it there is no check of the Host header and no knowledge of users.
        bases = (Gate, JupyterHandler, handler)
    return type(f"Guarded{handler.__name__}", bases, {})


_SENTENCES = {
    403: "This page needs the URL with the token that `opsdash serve` printed in the "
    "terminal it was started in; open that one.",
    404: "There is nothing at this address; go back to the panel.",
    500: "The server could not answer this; its terminal says why. Reload the page.",
}
