// The form's head: what the module is, what to know about it, and the field search.
import { h, icon } from "../shared/dom";
import type { FieldView } from "./field";
import type { ModuleSpec } from "./spec";

const MANY = 12;
const LONG = 240;

export function head(spec: ModuleSpec): HTMLElement[] {
  const dot = spec.module.lastIndexOf(".");
  const packageName = dot < 0 ? "" : spec.module.slice(0, dot);
  const said = (spec.parser?.description ?? "").trim() || (spec.title ?? "");
  return [
    h(
      "div",
      { class: "ops-form-head" },
      h("h2", { class: "ops-form-title" }, spec.module.slice(dot + 1)),
      h(
        "span",
        { class: "ops-form-origin ops-muted", title: spec.module },
        [spec.kind, packageName].filter(Boolean).join(" \u00b7 "),
      ),
    ),
    ...description(said),
    ...(spec.warnings ?? []).map((warning) =>
      h("p", { class: "ops-form-warning" }, icon("warning"), h("span", {}, warning)),
    ),
  ];
}

/** A long description folds: the fields matter more. */
function description(text: string): HTMLElement[] {
  if (!text) return [];
  if (text.length <= LONG) return [h("p", { class: "ops-form-text" }, text)];
  const cut = text.slice(0, LONG - 40).replace(/\s+\S*$/, "");
  return [
    h(
      "details",
      { class: "ops-form-text ops-fold" },
      h("summary", {}, `${cut}\u2026`),
      h("p", {}, text),
    ),
  ];
}

export interface Search {
  element: HTMLElement;
  update: () => void;
}

/** A search over the fields, where there are many. */
export function search(form: HTMLElement, views: Map<string, FieldView>): Search {
  const onlyChanged = h("input", { type: "checkbox", onchange: () => apply() });
  const changed = h("span", {});
  const none = h("span", { class: "ops-muted", role: "status" });
  const field = h("input", {
    class: "ops-input",
    type: "search",
    placeholder: "Find a field",
    "aria-label": "Find a field",
    autocomplete: "off",
    oninput: () => apply(),
  });
  const apply = (): void => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    const active = words.length > 0 || onlyChanged.checked;
    let shown = 0;
    for (const view of views.values()) {
      const hit =
        words.every((word) => view.text.includes(word)) &&
        (!onlyChanged.checked || view.isChanged());
      view.element.classList.toggle("ops-hidden", active && !hit);
      if (hit) shown++;
    }
    form.classList.toggle("ops-searching", active);
    none.textContent = active && shown === 0 ? "No field matches." : "";
    for (const fold of form.querySelectorAll<HTMLDetailsElement>(".ops-advanced")) {
      fold.open = active || fold.dataset["user"] === "open";
    }
  };
  const update = (): void => {
    const count = [...views.values()].filter((view) => view.isChanged()).length;
    changed.textContent = `changed (${count})`;
    element.hidden = views.size <= MANY;
  };
  const element = h(
    "div",
    { class: "ops-form-search" },
    h("div", { class: "ops-search-field" }, icon("search"), field),
    h("label", { class: "ops-choice" }, onlyChanged, changed),
    none,
  );
  return { element, update };
}
