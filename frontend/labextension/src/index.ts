// The JupyterLab plugin: a launcher tile and a palette command that open the panel.
import {
  ILayoutRestorer,
  type JupyterFrontEnd,
  type JupyterFrontEndPlugin,
} from "@jupyterlab/application";
import { ICommandPalette, MainAreaWidget, WidgetTracker } from "@jupyterlab/apputils";
import { ILauncher } from "@jupyterlab/launcher";
import { IRenderMimeRegistry } from "@jupyterlab/rendermime";
import { panelIcon } from "./icon.ts";
import { Panel } from "./panel.ts";

const OPEN = "opsdash:open";
const CATEGORY = "Ops";

const plugin: JupyterFrontEndPlugin<void> = {
  id: "opsdash-widgets:panel",
  description: "Opens the opsdash panel in a tab of its own.",
  autoStart: true,
  requires: [IRenderMimeRegistry],
  optional: [ICommandPalette, ILauncher, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    rendermime: IRenderMimeRegistry,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    restorer: ILayoutRestorer | null,
  ): void => {
    const tracker = new WidgetTracker<MainAreaWidget<Panel>>({ namespace: "opsdash" });

    app.commands.addCommand(OPEN, {
      label: "Open opsdash panel",
      caption: "Launch, watch and understand long-running Python modules",
      icon: panelIcon,
      execute: async (): Promise<void> => {
        const open = tracker.currentWidget;
        if (open && !open.isDisposed) {
          app.shell.activateById(open.id);
          return;
        }
        const tab = new MainAreaWidget({
          content: new Panel(app.serviceManager, rendermime),
        });
        tab.id = "opsdash-panel";
        tab.title.label = "Ops";
        tab.title.icon = panelIcon;
        tab.title.closable = true;
        app.shell.add(tab, "main");
        await tracker.add(tab);
        app.shell.activateById(tab.id);
      },
    });
    palette?.addItem({ command: OPEN, category: CATEGORY });
    launcher?.add({ command: OPEN, category: CATEGORY, rank: 0 });
    // app.restored would wait for this very restoration: the splash would never go.
    void restorer?.restore(tracker, {
      command: OPEN,
      name: () => "panel",
      when: app.serviceManager.ready,
    });
  },
};

export default plugin;
