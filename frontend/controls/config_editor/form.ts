// The fields: a list of sections, and the keys of the one in view.
import { h, icon } from "../shared/dom";
import { environmentTone } from "../shared/environment";
import { save } from "../shared/watch";
import type { EntryView, Model, SectionView, Send } from "./model";
import { addField, nameField, type NameField } from "./name_field";
import { makeRow, type Row } from "./row";

export interface Form {
  element: HTMLElement;
  draw(): void;
  refuse(field: string, message: string): void;
  added(field: string): void;
  flush(): void;
  forget(): void;
}

export function makeForm(model: Model, send: Send): Form {
  const tabs = h("div", {
    class: "ops-config-tabs",
    role: "tablist",
    "aria-label": "Environments",
  });
  const addSection = addField("Add environment", "Name", (name) =>
    send("add", { section: name, field: "add section" }),
  );
  const side = h("div", { class: "ops-config-side" }, tabs, addSection.element);
  const title = nameField((to) =>
    send("rename", {
      section: model.get("selected"),
      to,
      field: "rename section",
    }),
  );
  const removeWords = h("span");
  const removeSection = h(
    "button",
    {
      class: "ops-button ops-quiet ops-danger",
      type: "button",
      onclick: () => send("remove", { section: model.get("selected") }),
    },
    icon("trash"),
    removeWords,
  );
  const tone = h("span", { class: "ops-config-badge" });
  const comment = h("p", { class: "ops-config-comment" });
  const rowsBox = h("div", { class: "ops-config-rows" });
  const addKey = addField("Add key", "NAME", (key) =>
    send("add", { section: model.get("selected"), key, field: "add key" }),
  );
  const head = h(
    "div",
    { class: "ops-config-section-head" },
    title.element,
    tone,
    removeSection,
  );
  const empty = h("p", { class: "ops-config-empty ops-muted" });
  const panel = h(
    "div",
    { class: "ops-config-section", role: "tabpanel" },
    head,
    comment,
    rowsBox,
    empty,
    addKey.element,
  );
  const element = h("div", { class: "ops-config-form" }, side, panel);
  let rows: Row[] = [];
  let drawn = "";
  let focusNew = false;

  const drawRows = (section: SectionView): void => {
    const readonly = model.get("readonly");
    const known = drawn === section.name ? rows : [];
    rows = section.entries.map((entry: EntryView) => {
      const row =
        rowOf(entry, section, known) ?? makeRow(() => section.name, entry, send);
      row.update(entry, readonly, model.get("view").seen);
      return row;
    });
    drawn = section.name;
    place(rowsBox, rows);
    empty.textContent = rows.length ? "" : "This environment has no keys yet.";
    if (focusNew) rows.at(-1)?.focusValue();
    focusNew = false;
  };

  const draw = (): void => {
    const { sections } = model.get("view");
    const section = sections.find((one) => one.name === model.get("selected"));
    drawTabs(tabs, sections, model);
    panel.hidden = !section;
    addSection.element.hidden = addKey.element.hidden = model.get("readonly");
    removeSection.hidden = model.get("readonly");
    if (!section) return;
    title.update(section.name, model.get("readonly"));
    panel.setAttribute("aria-label", `Environment ${section.name}`);
    comment.textContent = section.comment;
    removeWords.textContent = `Remove ${section.name}`;
    drawBadge(tone, section);
    drawRows(section);
  };

  return {
    element,
    draw,
    refuse(field, message) {
      const row = rows.find((one) => one.id === field);
      const names: Record<string, NameField> = {
        "add section": addSection,
        "add key": addKey,
        "rename section": title,
      };
      (row ?? names[field])?.refuse(message);
    },
    added(field) {
      if (field === "add section") addSection.clear();
      if (field === "add key") addKey.clear();
      focusNew = field === "add key"; // the row itself comes with the next view
    },
    flush: () => rows.forEach((row) => row.flush()),
    forget: () => rows.forEach((row) => row.forget()),
  };
}

/** The row of an entry: by its key, or by the key that it was asked to get. */
function rowOf(entry: EntryView, section: SectionView, known: Row[]): Row | undefined {
  const same = known.find((row) => row.key === entry.key);
  if (same) return same;
  const left = (row: Row) => !section.entries.some((other) => other.key === row.key);
  return known.find((row) => row.renaming === entry.key && left(row));
}

/** Put the rows in order without moving those that stay (a move would lose the focus). */
function place(box: HTMLElement, rows: Row[]): void {
  const wanted = new Set<Element>(rows.map((row) => row.element));
  for (const child of [...box.children]) if (!wanted.has(child)) child.remove();
  rows.forEach((row, index) => {
    const there = box.children[index];
    if (there !== row.element) box.insertBefore(row.element, there ?? null);
  });
}

function drawTabs(tabs: HTMLElement, sections: SectionView[], model: Model): void {
  const selected = model.get("selected");
  const hadFocus = tabs.contains(document.activeElement);
  const buttons = sections.map((section, index) => {
    const current = section.name === selected;
    const problems = section.entries.filter((entry) => entry.problem).length;
    return h(
      "button",
      {
        class: "ops-config-tab",
        type: "button",
        role: "tab",
        "data-tone": environmentTone(section),
        "aria-selected": String(current),
        tabindex: current ? 0 : -1,
        onclick: () => save(model, { selected: section.name }),
        onkeydown: ((event: KeyboardEvent) => {
          const step = STEPS[event.key];
          const next = step ? sections.at((index + step) % sections.length) : undefined;
          if (next) save(model, { selected: next.name });
        }) as EventListener,
      },
      h("span", { class: "ops-config-dot", "aria-hidden": "true" }),
      h("span", { class: "ops-config-name" }, section.name),
      problems > 0 && warningMark(problems),
    );
  });
  tabs.replaceChildren(...buttons);
  const current = buttons.find((one) => one.tabIndex === 0);
  if (hadFocus) current?.focus();
}

const STEPS: Record<string, number> = {
  ArrowDown: 1,
  ArrowRight: 1,
  ArrowUp: -1,
  ArrowLeft: -1,
};

function warningMark(count: number): HTMLElement {
  const words = count === 1 ? "1 warning" : `${count} warnings`;
  return h(
    "span",
    { class: "ops-config-warning", title: words },
    icon("warning"),
    h("span", { class: "ops-visually-hidden" }, words),
  );
}

function drawBadge(badge: HTMLElement, section: SectionView): void {
  const tone = environmentTone(section);
  badge.hidden = tone === "neutral";
  badge.dataset["tone"] = tone;
  badge.textContent = tone === "error" ? "production: asks before a launch" : "test";
}
