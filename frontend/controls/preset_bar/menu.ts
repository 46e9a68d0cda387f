// The rarer things to do with presets, behind one button.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { moveFocus, popup } from "./popup";
import { type Model, type Send, chosenRow } from "./traits";

export interface Actions {
  saveAs: () => void;
  rename: () => void;
  importFile: () => void;
}

interface Item {
  label: string;
  act: () => void;
  off?: string;
  danger?: boolean;
}

export function actionsMenu(
  model: AnyModel<Model>,
  send: Send,
  actions: Actions,
  signal: AbortSignal | undefined,
): HTMLElement {
  const button = h(
    "button",
    {
      class: "ops-button ops-icon-button",
      type: "button",
      title: "More about presets",
      "aria-label": "More about presets",
    },
    icon("more"),
  );
  const menu = popup(button, "menu", "Presets", signal, (panel) => {
    const items = groups(model, send, actions).map((group) =>
      group.map((item) => entry(item, () => menu.close(true))),
    );
    panel.replaceChildren(
      ...items.flatMap((group, place) => [
        ...(place ? [h("hr", { role: "separator" })] : []),
        ...group,
      ]),
    );
    return panel.querySelector<HTMLElement>("[role=menuitem]:not(:disabled)");
  });
  menu.panel.classList.add("ops-preset-menu");
  menu.panel.addEventListener("keydown", (event) => {
    const all = menu.panel.querySelectorAll<HTMLElement>(
      "[role=menuitem]:not(:disabled)",
    );
    moveFocus([...all], event);
  });
  return h("div", { class: "ops-preset-place" }, button, menu.panel);
}

function groups(model: AnyModel<Model>, send: Send, actions: Actions): Item[][] {
  const row = chosenRow(model.get("presets"), model.get("chosen"));
  const mayEdit = model.get("can_edit")
    ? ""
    : "You may look at presets, not change them.";
  const own = mayEdit || ownOnly(row?.place);
  return [
    [
      { label: "Save as\u2026", act: actions.saveAs, off: mayEdit },
      { label: "Rename\u2026", act: actions.rename, off: own },
      { label: "Edit as JSON\u2026", act: () => send("edit") },
    ],
    [
      { label: "Create default", act: () => send("default"), off: mayEdit },
      { label: "Import\u2026", act: actions.importFile, off: mayEdit },
      {
        label: "Export",
        act: () => send("export", { all: false }),
        off: row ? "" : "Choose a preset first.",
      },
      {
        label: "Export all",
        act: () => send("export", { all: true }),
        off: model.get("presets").length ? "" : "There are none yet.",
      },
    ],
    [{ label: "Delete", act: () => send("delete"), off: own, danger: true }],
  ];
}

function ownOnly(place: string | undefined): string {
  if (place === undefined) return "Choose a preset first.";
  return place === "own" ? "" : "The project's presets are changed in its folder.";
}

function entry(item: Item, close: () => void): HTMLElement {
  return h(
    "button",
    {
      class: `ops-preset-item${item.danger ? " ops-danger" : ""}`,
      type: "button",
      role: "menuitem",
      disabled: !!item.off,
      title: item.off ?? "",
      onclick: () => {
        close();
        item.act();
      },
    },
    item.label,
  );
}
