// Finding fields: by words of name, option and help; only the changed or required ones.
import { h, icon } from "../shared/dom";
import type { FieldView } from "./context";
import type { FormState } from "./state";

/** Forms with fewer fields are looked through. */
const MANY = 12;
/** So many hits are drawn and highlighted at once. */
const AT_ONCE = 60;
const HIGHLIGHT = "ops-form-find";

type Only = "all" | "required" | "changed";

export interface Search {
  element: HTMLElement;
  /** Counts changed. */
  update: () => void;
  /** Fields came or went. */
  apply: () => void;
  /** Show every field again. */
  clear: () => void;
  focus: () => void;
}

export function search(
  form: HTMLElement,
  views: Map<string, FieldView>,
  state: FormState,
): Search {
  let only: Only = "all";
  const status = h("span", { class: "ops-search-said", role: "status" });
  const field = h("input", {
    class: "ops-input",
    type: "search",
    placeholder: "Find a field",
    "aria-label": "Find a field",
    title: "Find a field by name or help ( / )",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => apply(),
    onkeydown: (event) => {
      const key = event as KeyboardEvent;
      if (key.key === "Escape" && field.value) {
        field.value = "";
        apply();
      } else if (key.key === "Enter" || key.key === "ArrowDown") {
        hits()[0]?.focus();
      } else return;
      key.preventDefault();
      key.stopPropagation();
    },
  });
  const filters = h("div", {
    class: "ops-segments ops-search-filters",
    role: "group",
    "aria-label": "Show",
  });
  const buttons = new Map<Only, HTMLButtonElement>();
  for (const name of ["all", "required", "changed"] as const) {
    const button = h("button", {
      class: "ops-segment",
      type: "button",
      onclick: () => {
        only = name;
        apply();
      },
    });
    buttons.set(name, button);
    filters.append(button);
  }
  const wordsNow = (): string[] =>
    field.value.toLowerCase().split(/\s+/).filter(Boolean);
  const isHit = (view: FieldView, words: string[]): boolean =>
    (only !== "changed" || view.isChanged()) &&
    (only !== "required" || view.isRequired) &&
    words.every((word) => view.text().includes(word));
  const hits = (): FieldView[] => {
    const words = wordsNow();
    return [...views.values()].filter((view) => isHit(view, words));
  };
  const apply = (): void => {
    const words = wordsNow();
    const active = words.length > 0 || only !== "all";
    let shown = 0;
    const drawn: FieldView[] = [];
    for (const view of views.values()) {
      const hit = !active || isHit(view, words);
      if (view.element.hidden === hit) view.element.hidden = !hit;
      if (!hit) continue;
      shown++;
      if (active && drawn.length < AT_ONCE) {
        view.draw();
        drawn.push(view);
      }
    }
    fold(form, active);
    highlight(drawn, words);
    status.textContent = active
      ? shown === 0
        ? "No field matches."
        : `${shown} of ${views.size}`
      : "";
    update();
  };
  const update = (): void => {
    const changed = state.count();
    const asked = [...views.values()].filter((view) => view.isRequired);
    const required = new Set(asked.map((view) => view.group ?? view.key)).size;
    const say = {
      all: "All",
      required: `Required ${required}`,
      changed: `Changed ${changed}`,
    };
    for (const [name, button] of buttons) {
      if (button.textContent !== say[name]) button.textContent = say[name];
      button.setAttribute("aria-pressed", String(only === name));
    }
    element.hidden = views.size <= MANY;
  };
  const clear = (): void => {
    field.value = "";
    only = "all";
    apply();
  };
  const element = h(
    "div",
    { class: "ops-form-search", role: "search" },
    h("div", { class: "ops-search-field" }, icon("search"), field),
    filters,
    status,
  );
  return {
    element,
    update,
    apply,
    clear,
    focus: () => (field.focus(), field.select()),
  };
}

/** Hide what holds no field that is shown, and open what does. */
function fold(form: HTMLElement, active: boolean): void {
  const holders = form.querySelectorAll<HTMLElement>(".ops-section, .ops-one-of");
  for (const holder of holders) {
    const isEmpty =
      active &&
      !holder.classList.contains("ops-always") &&
      holder.querySelector(".ops-field:not([hidden])") === null;
    if (holder.hidden !== isEmpty) holder.hidden = isEmpty;
    if (active && !isEmpty && holder instanceof HTMLDetailsElement) holder.open = true;
  }
}

/** Mark the words in names and help, without touching the page's elements. */
function highlight(views: FieldView[], words: string[]): void {
  if (typeof Highlight === "undefined") return;
  const ranges = words.length > 0 ? views.flatMap((view) => marked(view, words)) : [];
  if (ranges.length > 0) CSS.highlights.set(HIGHLIGHT, new Highlight(...ranges));
  else CSS.highlights.delete(HIGHLIGHT);
}

/** Longer texts are not searched for every occurrence. */
const MOST_MARKS = 20;

function marked(view: FieldView, words: string[]): Range[] {
  const found: Range[] = [];
  const places = view.element.querySelectorAll("label, .ops-field-help");
  for (const place of places) {
    const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const text = (node.nodeValue ?? "").toLowerCase();
      if (text.length !== node.nodeValue?.length) continue; // places would not match
      for (const word of words) {
        let at = text.indexOf(word);
        while (at >= 0 && found.length < MOST_MARKS) {
          const range = document.createRange();
          range.setStart(node, at);
          range.setEnd(node, at + word.length);
          found.push(range);
          at = text.indexOf(word, at + word.length);
        }
      }
    }
  }
  return found;
}
