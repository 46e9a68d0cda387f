// A whole argument's control, by its shape.
import { h, icon } from "../shared/dom";
import { type ItemProps, itemInput, textInput } from "./inputs";
import { listControl, occurrencesControl } from "./rows";
import { defaultText, shapeOf } from "./meaning";
import { joinShell, splitShell } from "./shell";
import type { Argument } from "./spec";

export interface ControlProps {
  argument: Argument;
  id: string;
  name: string;
  value: unknown;
  typed: (at: number) => string | undefined;
  change: (value: unknown) => void;
  setTyped: (at: number, text: string | undefined) => void;
  left: () => void;
}

export function argumentControl(props: ControlProps): HTMLElement {
  switch (shapeOf(props.argument)) {
    case "flag":
      return flag(props);
    case "tristate":
      return tristate(props);
    case "count":
      return stepper(props);
    case "optional":
      return optional(props);
    case "raw":
      return raw(props);
    case "list":
      return listControl(props);
    case "occurrences":
      return occurrencesControl(props);
    default:
      return itemInput(single(props));
  }
}

/** A single value's properties of a control's. */
function single(props: ControlProps): ItemProps {
  return {
    argument: props.argument,
    id: props.id,
    name: props.name,
    value: typeof props.value === "string" ? props.value : undefined,
    placeholder: defaultText(props.argument),
    typed: props.typed(0),
    change: (value, typed) => {
      props.setTyped(0, typed);
      props.change(value);
    },
    left: props.left,
  };
}

function flag(props: ControlProps): HTMLElement {
  const box = h("input", {
    type: "checkbox",
    id: props.id,
    checked: props.value === true,
    onchange: () => props.change(box.checked ? true : undefined),
  });
  const option = (props.argument.option_strings ?? []).at(-1) ?? props.name;
  return h(
    "label",
    { class: "ops-choice" },
    box,
    h("code", { class: "ops-code" }, option),
  );
}

function tristate(props: ControlProps): HTMLElement {
  const fallback = defaultText(props.argument);
  const options: [string, unknown][] = [
    [fallback ? `default (${fallback})` : "default", undefined],
    ["yes", true],
    ["no", false],
  ];
  const labels = options.map(([word, value]) =>
    h(
      "label",
      { class: "ops-choice" },
      h("input", {
        type: "radio",
        name: props.id,
        checked: props.value === value,
        onchange: () => props.change(value),
      }),
      word,
    ),
  );
  const attributes = {
    role: "radiogroup",
    id: props.id,
    "aria-label": props.name,
  };
  return h("div", { class: "ops-choices", ...attributes }, ...labels);
}

function stepper(props: ControlProps): HTMLElement {
  const option = (props.argument.option_strings ?? [])[0] ?? props.name;
  let count = typeof props.value === "number" ? props.value : 0;
  const shown = h("output", { class: "ops-stepper-count", id: props.id });
  const step = (by: number): void => {
    count = Math.max(0, count + by);
    show();
    props.change(count === 0 ? undefined : count);
  };
  const button = (name: string, word: string, by: number): HTMLButtonElement =>
    h(
      "button",
      {
        class: "ops-button ops-icon-button",
        type: "button",
        "aria-label": `${word} ${props.name}`,
        onclick: () => step(by),
      },
      icon(name),
    );
  const less = button("minus", "Fewer", -1);
  const show = (): void => {
    shown.textContent = count === 0 ? "not given" : `${count} × ${option}`;
    less.disabled = count === 0;
  };
  show();
  return h("div", { class: "ops-stepper" }, less, shown, button("plus", "More", 1));
}

/** An option that may stand alone: a value, or "without a value". */
function optional(props: ControlProps): HTMLElement {
  const bare = isBare(props.value);
  const box = h("input", {
    type: "checkbox",
    checked: bare,
    onchange: () => {
      disable(field, box.checked);
      props.change(box.checked ? { bare: true } : undefined);
    },
  });
  const field = itemInput(single(props));
  disable(field, bare);
  const alone = h("label", { class: "ops-choice ops-muted" }, box, "without a value");
  return h("div", { class: "ops-optional" }, h("div", {}, field), alone);
}

function disable(field: HTMLElement, off: boolean): void {
  const inputs = "input, select, button";
  const all = field.matches(inputs) ? [field] : [...field.querySelectorAll(inputs)];
  for (const each of all) (each as HTMLInputElement).disabled = off;
}

function isBare(value: unknown): boolean {
  return typeof value === "object" && value !== null && "bare" in value;
}

function raw(props: ControlProps): HTMLElement {
  const words = Array.isArray(props.value) ? props.value.map(String) : [];
  const input = textInput({
    ...single(props),
    value: joinShell(words),
    change: (text) => {
      const split = splitShell(text ?? "");
      input.setAttribute("aria-invalid", String(split === null));
      if (split) props.change(split.length > 0 ? split : undefined);
    },
  });
  input.classList.add("ops-code");
  return input;
}
