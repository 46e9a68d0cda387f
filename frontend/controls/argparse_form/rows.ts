// Several values: rows to add, move and remove, or as many cells as the parser takes.
import { h } from "../shared/dom";
import { isBare } from "./bare";
import type { ControlProps } from "./controls";
import { growing } from "./growing";
import { type ItemProps, bareInput, itemInput } from "./inputs";
import { defaultText, isPositional } from "./meaning";
import { OPEN_QUOTE, tokens } from "./raw";
import { joinShell, splitShell } from "./shell";
import type { Argument } from "./spec";

export function listControl(props: ControlProps): HTMLElement {
  const { nargs } = props.argument;
  if (typeof nargs === "number") {
    const given = Array.isArray(props.value) ? props.value : [];
    return cells(nargs, props, props.id, given, (values) => props.change(values));
  }
  const given = textsOf(props.value);
  const change = (values: string[] | undefined): void => props.change(values);
  const rows = (off: boolean): HTMLElement =>
    growing({
      props,
      given: off ? [] : given,
      draw: itemRow(props),
      change,
      split: true,
    });
  const mayStandAlone = nargs === "*" && !isPositional(props.argument);
  return mayStandAlone ? withoutValues(props, rows) : rows(false);
}

export function occurrencesControl(props: ControlProps): HTMLElement {
  const { argument } = props;
  const nargs = argument.nargs ?? null;
  const given = Array.isArray(props.value) ? props.value : [props.value ?? []].flat();
  const change = (values: unknown[] | undefined): void => props.change(values);
  if (nargs === "?") return growing({ props, given, draw: bareRow(props), change });
  if (nargs === null) {
    const isOne = argument.action === "custom";
    return growing({
      props,
      given: textsOf(given),
      draw: itemRow(props),
      change: (values) =>
        change(isOne && values?.length === 1 ? (values[0] as never) : values),
      split: true,
    });
  }
  if (argument.action === "extend" && typeof nargs === "string") {
    return growing({
      props,
      given: textsOf(given.flat()),
      draw: itemRow(props),
      change: (values) => change(values && [values]),
      split: true,
    });
  }
  const rows = given.map((one) => [one].flat());
  return growing({
    props,
    given: rows,
    draw: (at, value, set) =>
      typeof nargs === "number"
        ? cells(nargs, props, `${props.id}-${at}`, value ?? [], set)
        : words(props, at, textsOf(value), set),
    change,
  });
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

type DrawRow<T> = (
  at: number,
  value: T | undefined,
  set: (value: T | undefined) => void,
) => HTMLElement;

function itemRow(props: ControlProps): DrawRow<string> {
  return (at, value, set) => itemInput(item(props, at, value, set));
}

function item(
  props: ControlProps,
  at: number,
  value: string | undefined,
  change: (value: string | undefined) => void,
): ItemProps {
  return {
    argument: withoutDefault(props.argument),
    key: props.key,
    id: `${props.id}-${at}`,
    name: `${props.name}, value ${at + 1}`,
    value,
    placeholder: at === 0 ? defaultText(props.argument) : "",
    typed: props.typed(at),
    isPart: true,
    hooks: props.hooks,
    change: (text, typed) => {
      props.setTyped(at, typed);
      change(text);
    },
    left: props.left,
  };
}

/** A list's default is no default of its rows. */
function withoutDefault(argument: Argument): Argument {
  return { ...argument, default: null, default_repr: "None" };
}

/** An occurrence that may stand alone. */
function bareRow(props: ControlProps): DrawRow<unknown> {
  return (at, value, set) => {
    const text = typeof value === "string" ? value : undefined;
    const field = itemInput(item(props, at, text, set));
    const box = h("input", {
      type: "checkbox",
      checked: isBare(value),
      "aria-label": `${props.name}, value ${at + 1} alone`,
      onchange: () => {
        set(box.checked ? { bare: true } : undefined);
        field.inert = box.checked;
      },
    });
    field.inert = box.checked;
    const alone = h("label", { class: "ops-choice ops-muted" }, box, "alone");
    return h("div", { class: "ops-bare-row" }, field, alone);
  };
}

/** One field that holds several words, split as in a shell. */
function words(
  props: ControlProps,
  at: number,
  value: string[],
  set: (value: string[] | undefined) => void,
): HTMLElement {
  const shown = tokens();
  const input = bareInput(item(props, at, joinShell(value), () => undefined));
  input.classList.add("ops-code");
  if (!input.placeholder) input.placeholder = "word 'two words'";
  input.oninput = () => {
    const split = splitShell(input.value);
    shown.show(split);
    props.refuse(split === null ? OPEN_QUOTE : "");
    if (split) set(split.length > 0 ? split : undefined);
  };
  shown.show(value);
  return h("div", { class: "ops-raw" }, input, shown.element);
}

/** Exactly as many cells as nargs says, side by side; one left empty is null. */
function cells(
  count: number,
  props: ControlProps,
  id: string,
  given: unknown[],
  change: (values: unknown[] | undefined) => void,
): HTMLElement {
  const values = Array.from({ length: count }, (_, at) => given[at] ?? null);
  const names = [props.argument.metavar ?? []].flat();
  const defaults = [props.argument.default ?? []].flat().map(String);
  const fields = values.map((value, at) => {
    const text = typeof value === "string" ? value : undefined;
    const set = (next: string | undefined): void => {
      values[at] = next ?? null;
      change(values.every((each) => each === null) ? undefined : [...values]);
    };
    const one = { ...item(props, at, text, set), typed: undefined, change: set };
    const name = names.length === count ? names[at] : undefined;
    const placeholder = defaults[at] ?? name ?? `${at + 1} of ${count}`;
    return itemInput({
      ...one,
      id: `${id}-${at}`,
      placeholder,
      name: name ?? one.name,
    });
  });
  return h(
    "div",
    { class: "ops-exact", role: "group", "aria-label": props.name, id },
    ...fields,
  );
}

/** An option with `nargs="*"` may also be given with no value at all. */
function withoutValues(
  props: ControlProps,
  rows: (off: boolean) => HTMLElement,
): HTMLElement {
  const isNone = Array.isArray(props.value) && props.value.length === 0;
  const box = h("input", {
    type: "checkbox",
    checked: isNone,
    onchange: () => {
      props.change(box.checked ? [] : undefined);
      draw();
    },
  });
  const slot = h("div", {});
  const draw = (): void => {
    slot.replaceChildren(rows(true));
    slot.hidden = box.checked;
  };
  slot.append(rows(false));
  slot.hidden = isNone;
  return h(
    "div",
    { class: "ops-list" },
    slot,
    h(
      "label",
      { class: "ops-choice ops-muted" },
      box,
      h(
        "span",
        {},
        h("code", { class: "ops-code" }, props.argument.id),
        " without values",
      ),
    ),
  );
}
