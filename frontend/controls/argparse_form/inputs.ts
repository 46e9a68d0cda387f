// One value's input, by what the value is.
import { h } from "../shared/dom";
import { combobox } from "./combobox";
import { dateInput } from "./date_input";
import type { Hooks } from "./hooks";
import { itemOf } from "./meaning";
import type { Argument } from "./spec";
import { textValue } from "./text_value";

export interface ItemProps {
  argument: Argument;
  /** The commands before the argument and its id. */
  key: string;
  id: string;
  value: string | undefined;
  placeholder: string;
  name: string;
  /** What was typed, where it is not the value itself. */
  typed?: string | undefined;
  /** One of several values of its argument. */
  isPart?: boolean;
  hooks: Hooks;
  change: (value: string | undefined, typed?: string) => void;
  left: () => void;
}

/** Fewer choices than these are all in sight. */
const FEW = 5;

export function itemInput(given: ItemProps): HTMLElement {
  const own = given.argument.form?.placeholder;
  const props = own ? { ...given, placeholder: own } : given;
  if (props.argument.suggestions) return combobox(props);
  switch (itemOf(props.argument)) {
    case "choice": {
      const count = (props.argument.choices ?? []).length;
      return count < FEW && !props.isPart ? radios(props) : combobox(props);
    }
    case "date":
      return dateInput(props);
    case "int":
      return numberInput(props, "numeric");
    case "float":
      return numberInput(props, "decimal");
    default:
      return textValue(props);
  }
}

/** A plain text field; empty means untouched. */
export function textInput(props: ItemProps): HTMLInputElement {
  const input = bareInput(props);
  input.oninput = () => props.change(input.value === "" ? undefined : input.value);
  return input;
}

/** A text field that only tells when it is left. */
export function bareInput(props: ItemProps): HTMLInputElement {
  return h("input", {
    class: "ops-input",
    id: props.id,
    value: props.value ?? "",
    placeholder: props.placeholder,
    "aria-label": props.name,
    autocomplete: "off",
    spellcheck: "false",
    onblur: props.left,
  });
}

const WHOLE = /^[+-]?\d{1,15}$/;
const TEN = 10;

/** A number is typed; a whole one is also stepped with the arrow keys. */
function numberInput(props: ItemProps, mode: string): HTMLInputElement {
  const input = textInput(props);
  input.inputMode = mode;
  input.classList.add("ops-number");
  if (mode !== "numeric") return input;
  input.addEventListener("keydown", (event) => {
    const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    const from = (input.value || props.placeholder || "0").trim();
    if (by === 0 || event.altKey || !WHOLE.test(from)) return;
    event.preventDefault();
    const { minimum, maximum } = props.argument;
    const to = Number(from) + by * (event.shiftKey ? TEN : 1);
    const least = Math.max(to, minimum ?? -Infinity);
    input.value = String(Math.min(least, maximum ?? Infinity));
    props.change(input.value);
  });
  return input;
}

/** What an empty choice is called. */
export const EMPTY = "(empty)";

/** The default as a choice; undefined where there is none. */
export function fallbackOf({ default: value }: Argument): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

function radios(props: ItemProps): HTMLElement {
  const fallback = fallbackOf(props.argument);
  const shown = props.value ?? fallback;
  const options = (props.argument.choices ?? []).map((choice) =>
    radio(props.id, choice.label || EMPTY, choice.value === shown, () => {
      props.change(choice.value === fallback ? undefined : choice.value);
      props.left();
    }),
  );
  // A value of an earlier run that is no choice any more is shown, and refused.
  const known = props.argument.choices?.some((choice) => choice.value === shown);
  if (props.value !== undefined && !known) {
    options.push(radio(props.id, props.value, true, () => props.change(props.value)));
  }
  return radioGroup(props.id, props.name, options);
}

export function radio(
  group: string,
  label: Node | string,
  checked: boolean,
  choose: () => void,
): HTMLLabelElement {
  const input = h("input", { type: "radio", name: group, checked, onchange: choose });
  return h("label", { class: "ops-choice" }, input, label);
}

export function radioGroup(
  id: string,
  name: string,
  options: HTMLElement[],
): HTMLElement {
  const attributes = { role: "radiogroup", id, "aria-label": name };
  return h("div", { class: "ops-choices", ...attributes }, ...options);
}
