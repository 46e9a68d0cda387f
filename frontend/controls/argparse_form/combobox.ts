// One of many choices: looked through, or found by typing. The keyboard does it all.
import { h, icon } from "../shared/dom";
import { isRequired } from "./meaning";
import { EMPTY, type ItemProps, bareInput, fallbackOf } from "./inputs";
import { Popup } from "./popup";
import type { Choice } from "./spec";

/** So many options are drawn at once; more as one gets to them. */
const PAGE = 100;
const STEP = 10;

export interface Option extends Choice {
  /** More about it, dimmed. */
  note?: string;
  /** It takes the choice back. */
  isNone?: boolean;
}

export function combobox(props: ItemProps): HTMLElement {
  const { suggestions } = props.argument;
  const choices = suggestions ?? props.argument.choices ?? [];
  const fallback = fallbackOf(props.argument);
  const start = choices.find((choice) => choice.value === fallback)?.value;
  const none = isRequired(props.argument) ? "" : "not given";
  const shown = props.placeholder || (props.isPart ? "" : none);
  const options: Option[] = choices.map((choice) => ({
    ...choice,
    label: choice.label || EMPTY,
    note: [
      choice.label === choice.value ? "" : choice.value,
      choice.value === start ? "default" : "",
    ]
      .filter(Boolean)
      .join(" \u00b7 "),
  }));
  return searchable({
    ...props,
    placeholder: shown || (suggestions ? "" : "Choose\u2026"),
    options,
    start,
    empty: start !== undefined || props.isPart || suggestions ? "" : none,
    isOpen: suggestions !== undefined,
  });
}

export interface SearchableProps extends ItemProps {
  options: Option[];
  /** The value that stands for "untouched". */
  start: string | undefined;
  /** What the option that takes the choice back is called; empty: there is none. */
  empty: string;
  /** Only what is picked counts, never what is only typed. */
  isStrict?: boolean;
  /** Other values may be typed. */
  isOpen?: boolean;
}

/** A text field with a list of what it may hold. */
export function searchable(props: SearchableProps): HTMLElement {
  const byValue = new Map(props.options.map((option) => [option.value, option]));
  const labelOf = (value: string | undefined): string =>
    value === undefined ? "" : (byValue.get(value)?.label ?? value);
  let value = props.value;
  let matches: Option[] = [];
  let active = -1;
  /** What Escape goes back to. */
  let before = value;
  const input = bareInput({ ...props, value: labelOf(value) });
  const list = h("ul", {
    class: "ops-options",
    role: "listbox",
    id: `${props.id}-list`,
  });
  list.setAttribute("aria-label", props.name);
  const popup = new Popup(input, list, () => {
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  });
  const set = (next: string | undefined): void => {
    if (next === value) return;
    value = next;
    props.change(next);
  };
  const pick = (option: Option): void => {
    set(option.isNone || option.value === props.start ? undefined : option.value);
    input.value = labelOf(value);
    popup.close();
    props.left();
  };
  const filter = (typed: string): void => {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const back: Option[] = props.empty
      ? [{ value: "", label: props.empty, isNone: true }]
      : [];
    matches = [...(words.length > 0 ? [] : back), ...props.options].filter((option) => {
      const text = `${option.label} ${option.value} ${option.note ?? ""}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    active = -1;
    list.replaceChildren();
    draw();
    if (matches.length === 0 && !props.isOpen) {
      list.replaceChildren(h("li", { class: "ops-options-none" }, "Nothing matches."));
    }
  };
  const isCurrent = (option: Option): boolean => {
    const now = value ?? props.start;
    return now === undefined ? !!option.isNone : !option.isNone && option.value === now;
  };
  const draw = (): void => {
    const from = list.childElementCount;
    const rows = matches.slice(from, from + PAGE).map((option, at) =>
      h(
        "li",
        {
          class: "ops-option",
          role: "option",
          id: `${props.id}-option-${from + at}`,
          "aria-selected": String(isCurrent(option)),
          onpointerdown: (event) => event.preventDefault(), // the focus stays
          onclick: () => pick(option),
        },
        h("span", { class: "ops-option-name" }, option.label),
        option.note ? h("span", { class: "ops-option-note" }, option.note) : null,
      ),
    );
    list.append(...rows);
  };
  const open = (typed = ""): void => {
    if (!popup.isOpen && !typed) before = value;
    filter(typed);
    popup.open();
    popup.place();
    input.setAttribute("aria-expanded", "true");
    const at = matches.findIndex(isCurrent);
    const hit = matches.length > 0 && !props.isOpen ? 0 : -1;
    go(typed || props.isOpen ? hit : Math.max(at, 0));
  };
  const go = (to: number): void => {
    list.children[active]?.classList.remove("ops-active");
    active = Math.max(Math.min(to, matches.length - 1), -1);
    while (list.childElementCount <= active) draw();
    const row = list.children[active];
    row?.classList.add("ops-active");
    row?.scrollIntoView({ block: "nearest" });
    if (row) input.setAttribute("aria-activedescendant", row.id);
    else input.removeAttribute("aria-activedescendant");
  };
  list.addEventListener("scroll", () => {
    const left = list.scrollHeight - list.scrollTop - list.clientHeight;
    if (left < list.clientHeight && list.childElementCount < matches.length) draw();
  });
  const close = (): void => {
    input.value = labelOf(value);
    popup.close();
  };
  input.onfocus = () => (before = value);
  input.oninput = () => {
    const typed = input.value.trim();
    if (props.isStrict) return open(typed);
    const meant = props.isOpen ? input.value : exact(props.options, typed);
    set(meant === props.start || meant === "" ? undefined : meant);
    open(typed);
  };
  input.onclick = () => (popup.isOpen ? close() : (input.select(), open()));
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    const option = matches[active];
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + STEP,
      PageUp: Math.max(active - STEP, 0),
    };
    const to = moves[event.key];
    if (to !== undefined) {
      if (popup.isOpen) go(Math.max(to, 0));
      else open();
    } else if (popup.isOpen && event.key === "Enter" && option && !event.ctrlKey) {
      pick(option);
    } else if (popup.isOpen && event.key === "Escape") {
      set(before);
      close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  const attributes = {
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-haspopup": "listbox",
    "aria-controls": list.id,
  };
  for (const [name, text] of Object.entries(attributes)) input.setAttribute(name, text);
  const chevron = h(
    "span",
    { class: "ops-chevron", "aria-hidden": "true" },
    icon("down"),
  );
  return h("div", { class: "ops-combo ops-with-button" }, input, chevron);
}

/** The value of the option whose value or label was typed, else what was typed. */
function exact(options: readonly Option[], typed: string): string {
  const same = (text: string): boolean => text.toLowerCase() === typed.toLowerCase();
  const found =
    options.find((option) => option.value === typed) ??
    options.find((option) => option.label === typed) ??
    options.find((option) => same(option.value) || same(option.label));
  return found?.value ?? typed;
}
