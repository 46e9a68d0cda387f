// One value's input, by what the value is.
import { h, icon } from "../shared/dom";
import {
  TOKENS,
  isoDate,
  resolveDate,
  resolveToken,
  spelledOut,
  wantsCompact,
} from "./dates";
import { isRequired, itemOf } from "./meaning";
import type { Argument } from "./spec";

export interface ItemProps {
  argument: Argument;
  id: string;
  value: string | undefined;
  placeholder: string;
  name: string;
  /** What was typed, where it is not the value itself. */
  typed?: string | undefined;
  change: (value: string | undefined, typed?: string) => void;
  left: () => void;
}

const FEW = 5;

/** So many choices are searched by typing; fewer are looked through. */
const MANY = 40;

export function itemInput(props: ItemProps): HTMLElement {
  const item = itemOf(props.argument);
  if (item === "choice") {
    const count = (props.argument.choices ?? []).length;
    if (count < FEW) return radios(props);
    return count < MANY ? dropdown(props) : combobox(props);
  }
  if (item === "date") return dateInput(props);
  const modes: Record<string, string> = { int: "numeric", float: "decimal" };
  const input = textInput(props);
  input.inputMode = modes[item] ?? "text";
  if (item === "secret") {
    input.type = "password";
    input.autocomplete = "new-password";
  }
  return input;
}

/** A text field; empty means untouched. */
export function textInput(props: ItemProps): HTMLInputElement {
  const input = h("input", {
    class: "ops-input",
    id: props.id,
    value: props.value ?? "",
    placeholder: props.placeholder,
    "aria-label": props.name,
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => props.change(input.value === "" ? undefined : input.value),
    onblur: props.left,
  });
  return input;
}

function radios(props: ItemProps): HTMLElement {
  const fallback = String(props.argument.default ?? "");
  const shown = props.value ?? fallback;
  const options = (props.argument.choices ?? []).map((choice) => {
    const input = h("input", {
      type: "radio",
      name: props.id,
      value: choice.value,
      checked: choice.value === shown,
      onchange: () => {
        props.change(choice.value === fallback ? undefined : choice.value);
        props.left();
      },
    });
    return h("label", { class: "ops-choice" }, input, choice.label);
  });
  return h(
    "div",
    {
      class: "ops-choices",
      role: "radiogroup",
      id: props.id,
      "aria-label": props.name,
    },
    ...options,
  );
}

/** All choices in sight; the first stands for "untouched" where none is the default. */
function dropdown(props: ItemProps): HTMLElement {
  const choices = [...(props.argument.choices ?? [])];
  const fallback = String(props.argument.default ?? "");
  const known = (value: string): boolean =>
    choices.some((choice) => choice.value === value);
  const start = known(fallback) ? fallback : "";
  if (!start) {
    const none = isRequired(props.argument) ? "Choose\u2026" : "not given";
    choices.unshift({ value: "", label: props.placeholder || none });
  }
  const shown = props.value ?? start;
  // A value of an earlier run that is no choice any more is shown, and refused.
  if (!known(shown)) choices.push({ value: shown, label: shown });
  const select = h(
    "select",
    {
      class: "ops-input",
      id: props.id,
      "aria-label": props.name,
      onchange: () => {
        props.change(select.value === start ? undefined : select.value);
        props.left();
      },
      onblur: props.left,
    },
    ...choices.map((choice) => h("option", { value: choice.value }, choice.label)),
  );
  select.value = shown;
  return select;
}

function combobox(props: ItemProps): HTMLElement {
  const list = `${props.id}-list`;
  const choices = props.argument.choices ?? [];
  const input = textInput(props);
  input.setAttribute("list", list);
  const options = choices.map((choice) =>
    h(
      "option",
      { value: choice.value },
      choice.label === choice.value ? "" : choice.label,
    ),
  );
  return h(
    "div",
    { class: "ops-combo" },
    input,
    h("datalist", { id: list }, ...options),
  );
}

/** A date: typed, picked from the calendar, or a word that is resolved beside it. */
export function dateInput(props: ItemProps): HTMLElement {
  const argument = props.argument;
  const compact = wantsCompact(
    [argument.metavar ?? ""].flat().join(" "),
    argument.help,
    String(argument.default ?? ""),
  );
  const text = textInput({
    ...props,
    value: props.typed ?? props.value,
    placeholder: props.placeholder || (compact ? "YYYYMMDD" : "YYYY-MM-DD"),
  });
  const list = h(
    "datalist",
    { id: `${props.id}-list` },
    ...TOKENS.map((word) => {
      const day = resolveToken(word, new Date());
      return h("option", { value: word }, day ? isoDate(day) : "");
    }),
  );
  text.setAttribute("list", list.id);
  const said = h("span", {
    class: "ops-date-said ops-muted",
    "aria-live": "polite",
  });
  const picker = h("input", {
    class: "ops-date-native",
    type: "date",
    tabindex: "-1",
    "aria-hidden": "true",
  });
  const update = (): void => {
    const value = resolveDate(text.value, new Date(), compact);
    const isWord = value !== text.value.trim();
    const day = spelledOut(value);
    said.textContent = day && isWord ? `${day} (${value})` : day;
    if (/^\d{4}-\d{2}-\d{2}$/.test(value)) picker.value = value;
    props.change(value === "" ? undefined : value, isWord ? text.value : undefined);
  };
  text.oninput = update;
  picker.onchange = () => {
    text.value = compact ? picker.value.replace(/-/g, "") : picker.value;
    update();
    props.left();
  };
  const open = h(
    "button",
    {
      class: "ops-button ops-icon-button",
      type: "button",
      title: "Pick a day",
      "aria-label": `Pick a day for ${props.name}`,
      onclick: () => picker.showPicker(),
    },
    icon("calendar"),
  );
  const first = resolveDate(text.value, new Date(), compact);
  said.textContent = spelledOut(first);
  return h(
    "div",
    { class: "ops-date" },
    h("div", { class: "ops-date-line" }, text, list, picker, open),
    said,
  );
}
