"""The page Config: the named environments."""

from __future__ import annotations

from opsdash_widgets.core.configs import ConfigFile
from opsdash_widgets.core.model import Capability
from opsdash_widgets.ui.controls.config_editor import ConfigEditor

from .panel import Panel


class ConfigPage:
    """The editor of ``config.ini``; what it saves is in force at once."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        service = panel.service
        self.editor = ConfigEditor(
            service.settings.config_file,
            on_save=self._save,
            folder=service.settings.project,
            readonly=Capability.EDIT_CONFIG not in service.actor.role.capabilities,
        )
        self.box = panel.box([self.editor], "ops-page", "ops-page-config")

    def _save(self, file: ConfigFile) -> ConfigFile:
        saved = self.panel.service.save_config(file)
        self.panel.start(self.panel.read_environments())
        return saved
