// A whole argument's control, by its shape.
import { h, icon } from "../shared/dom";
import { isBare } from "./bare";
import type { Hooks } from "./hooks";
import { type ItemProps, itemInput, radio, radioGroup } from "./inputs";
import { defaultText, isRequired, shapeOf } from "./meaning";
import { raw } from "./raw";
import { listControl, occurrencesControl } from "./rows";
import type { Argument } from "./spec";

export interface ControlProps {
  argument: Argument;
  key: string;
  id: string;
  name: string;
  value: unknown;
  hooks: Hooks;
  typed: (at: number) => string | undefined;
  change: (value: unknown) => void;
  setTyped: (at: number, text: string | undefined) => void;
  /** Say why what was typed can be no value at all; empty where it can. */
  refuse: (sentence: string) => void;
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
    case "repeatable":
      return occurrencesControl(props);
    default:
      return itemInput(single(props));
  }
}

/** A single value's properties of a control's. */
function single(props: ControlProps): ItemProps {
  return {
    argument: props.argument,
    key: props.key,
    id: props.id,
    name: props.name,
    value: typeof props.value === "string" ? props.value : undefined,
    placeholder: defaultText(props.argument),
    typed: props.typed(0),
    hooks: props.hooks,
    change: (value, typed) => {
      props.setTyped(0, typed);
      props.change(value);
    },
    left: props.left,
  };
}

function optionOf({ argument, name }: ControlProps): string {
  return (argument.option_strings ?? []).length > 0 ? argument.id : name;
}

function flag(props: ControlProps): HTMLElement {
  const box = h("input", {
    type: "checkbox",
    id: props.id,
    checked: props.value === true || typeof props.value === "number",
    onchange: () => props.change(box.checked ? true : undefined),
  });
  const isConst = props.argument.action === "store_const";
  return h(
    "label",
    { class: "ops-choice" },
    box,
    h("code", { class: "ops-code" }, optionOf(props)),
    isConst
      ? h(
          "span",
          { class: "ops-muted" },
          `gives ${props.argument.const_repr ?? "None"}`,
        )
      : null,
  );
}

function tristate(props: ControlProps): HTMLElement {
  const options: [string, unknown][] = [
    [untouched(props.argument), undefined],
    ["on", true],
    ["off", false],
  ];
  const radios = options.map(([word, value]) =>
    radio(props.id, word, props.value === value, () => props.change(value)),
  );
  const group = radioGroup(props.id, props.name, radios);
  group.classList.add("ops-segments");
  return group;
}

/** What leaving an argument alone is called. */
function untouched(argument: Argument): string {
  const fallback = defaultText(argument);
  return fallback && fallback.length < SHORT ? `default (${fallback})` : "not given";
}

const SHORT = 16;

function stepper(props: ControlProps): HTMLElement {
  const option = optionOf(props);
  let count = typeof props.value === "number" ? props.value : 0;
  const shown = h("span", {
    class: "ops-stepper-count",
    id: props.id,
    role: "spinbutton",
    tabindex: "0",
    "aria-label": props.name,
    "aria-valuemin": "0",
    onkeydown: (event) => {
      const by = STEPS[(event as KeyboardEvent).key];
      if (by === undefined) return;
      event.preventDefault();
      step(by);
    },
    onblur: props.left,
  });
  const step = (by: number): void => {
    count = Math.max(0, Math.min(count + by, MOST_TIMES));
    show();
    props.change(count === 0 ? undefined : count);
  };
  const button = (name: string, word: string, by: number): HTMLButtonElement =>
    h(
      "button",
      {
        class: "ops-button ops-icon-button",
        type: "button",
        tabindex: "-1",
        "aria-label": `${word} ${props.name}`,
        onclick: () => step(by),
      },
      icon(name),
    );
  const less = button("minus", "Fewer", -1);
  const show = (): void => {
    const said = count === 0 ? "not given" : `${count} \u00d7 ${option}`;
    shown.textContent = said;
    shown.setAttribute("aria-valuenow", String(count));
    shown.setAttribute("aria-valuetext", said);
    less.disabled = count === 0;
  };
  show();
  return h("div", { class: "ops-stepper" }, less, shown, button("plus", "More", 1));
}

const MOST_TIMES = 1000;
const STEPS: Record<string, number> = {
  ArrowUp: 1,
  ArrowRight: 1,
  "+": 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  "-": -1,
  Home: -MOST_TIMES,
};

/** An option that may stand alone: not given, alone, or with a value. */
function optional(props: ControlProps): HTMLElement {
  const { argument } = props;
  const field = h("div", { class: "ops-optional-value" });
  let way = isBare(props.value) ? "alone" : props.value === undefined ? "" : "value";
  let value = typeof props.value === "string" ? props.value : undefined;
  const group = h("div", {});
  const draw = (): void => {
    field.hidden = way !== "value";
    if (field.hidden) return field.replaceChildren();
    const one = single({ ...props, value });
    const input = itemInput({
      ...one,
      id: `${props.id}-value`,
      name: `${props.name} value`,
      placeholder: "",
      argument: { ...argument, default: null, default_repr: "None" },
      isPart: true,
      change: (text, typed) => {
        value = text;
        one.change(text, typed);
      },
    });
    field.replaceChildren(input);
  };
  const choose = (next: string): void => {
    way = next;
    if (way === "value") props.change(value);
    else {
      props.setTyped(0, undefined);
      props.change(way === "alone" ? { bare: true } : undefined);
    }
    draw();
    field.querySelector<HTMLElement>("input, textarea")?.focus();
  };
  const options: [string, string][] = [
    ["", untouched(argument)],
    ["alone", "alone"],
    ["value", "with a value"],
  ];
  if (isRequired(argument)) options.shift();
  const radios = options.map(([key, label]) =>
    radio(props.id, label, key === way, () => choose(key)),
  );
  group.append(radioGroup(props.id, props.name, radios));
  group.firstElementChild?.classList.add("ops-segments");
  draw();
  return h("div", { class: "ops-optional" }, group, field);
}
