// The list of presets: filtered by name and description, chosen by click or Enter.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { ago, exact } from "../shared/time";
import { moveFocus, popup } from "./popup";
import { type Model, type PresetRow, type Send, chosenRow } from "./traits";

const FILTER_FROM = 6;
/** Fewer presets than this need no filter. */

export function chooser(
  model: AnyModel<Model>,
  send: Send,
  signal: AbortSignal | undefined,
) {
  const name = h("span", { class: "ops-preset-name" });
  const button = h(
    "button",
    { class: "ops-input ops-preset-choose", type: "button" },
    name,
    icon("down"),
  );
  const list = popup(button, "dialog", "Presets", signal, (panel) => fill(panel));
  const choose = (row: PresetRow): void => {
    list.close(true);
    send("load", { key: row.key });
  };
  const fill = (panel: HTMLElement): HTMLElement | null => {
    const rows = model.get("presets");
    if (rows.length === 0) {
      panel.replaceChildren(empty(model.get("can_edit")));
      panel.tabIndex = -1;
      return panel;
    }
    const { filter, box } = filtered(rows, model.get("chosen"), choose);
    panel.replaceChildren(...(rows.length >= FILTER_FROM ? [filter] : []), box);
    if (rows.length >= FILTER_FROM) return filter.querySelector("input");
    return (
      box.querySelector<HTMLElement>("[aria-selected=true]") ??
      box.querySelector<HTMLElement>("[role=option]")
    );
  };
  const update = (): void => {
    const row = chosenRow(model.get("presets"), model.get("chosen"));
    const count = model.get("presets").length;
    name.textContent = row?.name ?? (count ? "Choose a preset" : "None yet");
    name.classList.toggle("ops-muted", !row);
    button.setAttribute("aria-label", `Preset: ${row?.name ?? "none chosen"}`);
    button.title = row?.description ?? "";
  };
  return {
    element: h("div", { class: "ops-preset-place" }, button, list.panel),
    update,
  };
}

function filtered(rows: PresetRow[], chosen: string, choose: (row: PresetRow) => void) {
  const box = h("div", {
    class: "ops-preset-list",
    role: "listbox",
    "aria-label": "Presets",
  });
  const options = (): HTMLElement[] => [
    ...box.querySelectorAll<HTMLElement>("[role=option]"),
  ];
  const draw = (words: string[]): void => {
    const found = rows.filter((row) => {
      const text = `${row.name} ${row.description ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    box.replaceChildren(
      ...found.map((row) => option(row, row.key === chosen, choose)),
      ...(found.length
        ? []
        : [h("p", { class: "ops-muted" }, "No preset matches. Clear the filter.")]),
    );
  };
  const input = h("input", {
    class: "ops-input",
    type: "search",
    placeholder: "Filter presets",
    "aria-label": "Filter presets",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => draw(input.value.toLowerCase().split(/\s+/).filter(Boolean)),
    onkeydown: (event: Event) => {
      const { key } = event as KeyboardEvent;
      const first = options()[0];
      if (key === "ArrowDown") first?.focus();
      else if (key === "Enter") first?.click();
      else return;
      event.preventDefault();
    },
  });
  box.addEventListener("keydown", (event) => moveFocus(options(), event));
  draw([]);
  return { filter: h("div", { class: "ops-preset-filter" }, input), box };
}

function option(
  row: PresetRow,
  chosen: boolean,
  choose: (row: PresetRow) => void,
): HTMLElement {
  const by = [row.requested_by, row.modified ? ago(row.modified) : ""];
  return h(
    "button",
    {
      class: "ops-preset-option",
      type: "button",
      role: "option",
      "aria-selected": String(chosen),
      disabled: !!row.problem,
      title: row.problem || (row.modified ? exact(row.modified) : ""),
      onclick: () => choose(row),
    },
    h(
      "span",
      { class: "ops-preset-option-head" },
      h("b", {}, row.name),
      row.place === "project"
        ? h("span", { class: "ops-status", "data-tone": "neutral" }, "project")
        : null,
      chosen ? icon("check") : null,
    ),
    row.problem
      ? h("span", { class: "ops-error-text" }, icon("warning"), row.problem)
      : h(
          "span",
          { class: "ops-muted" },
          [row.description, by.filter(Boolean).join(", ")].filter(Boolean).join(" · "),
        ),
  );
}

function empty(mayEdit: boolean): HTMLElement {
  return h(
    "p",
    { class: "ops-preset-empty ops-muted" },
    mayEdit
      ? "No presets yet. Fill the form, then press Save to keep its values under a name."
      : "No presets yet. Whoever may launch can save some.",
  );
}
