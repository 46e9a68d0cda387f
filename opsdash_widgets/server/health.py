"""``GET /opsdash/health``: whether the server answers, without starting a kernel."""

from __future__ import annotations

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.base.handlers import APIHandler

from opsdash_widgets._version import __version__


class HealthHandler(APIHandler):
    """Says ``ok`` to anybody, and to who has the token what is running."""

    @allow_unauthenticated
    async def get(self) -> None:
        """Answer with the status, and to a known user the kernels and open pages."""
        answer: dict[str, object] = {"status": "ok"}
        if self.current_user is not None:
            kernels = self.settings["kernel_manager"]
            answer |= {
                "version": __version__,
                "kernels": len(kernels.list_kernel_ids()),
                "waiting_kernels": len(kernels.waiting_ids()),
                "ready_kernels": len(kernels.ready_ids()),
                "pages": len(self.settings["opsdash_pages"].kernel_ids()),
            }
        self.set_header("Cache-Control", "no-store")
        self.finish(answer)
