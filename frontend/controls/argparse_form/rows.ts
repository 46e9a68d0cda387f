// Several values: rows to add and remove, or exactly as many fields as the parser takes.
import { h, icon } from "../shared/dom";
import type { ControlProps } from "./controls";
import { type ItemProps, itemInput, textInput } from "./inputs";
import { defaultText } from "./meaning";
import { joinShell, splitShell } from "./shell";
import type { Argument } from "./spec";

export function listControl(props: ControlProps): HTMLElement {
  const given = Array.isArray(props.value) ? props.value.map(String) : [];
  const exact = props.argument.nargs;
  if (typeof exact === "number") {
    return exactly(exact, props, given, (values) => props.change(values));
  }
  return growing(given, props, (at, value, change) =>
    itemInput(item(props, at, value, change)),
  );
}

export function occurrencesControl(props: ControlProps): HTMLElement {
  const { argument } = props;
  const nargs = argument.nargs ?? null;
  if (argument.action === "extend" && nargs !== null) return extended(props);
  const given = Array.isArray(props.value) ? props.value : [];
  if (nargs === null) {
    return growing(given.map(String), props, (at, value, change) =>
      itemInput(item(props, at, value, change)),
    );
  }
  const rows = given.map((one) => [one].flat().map(String));
  return growing(rows, props, (at, value, change) =>
    typeof nargs === "number"
      ? exactly(nargs, { ...props, id: `${props.id}-${at}` }, value ?? [], change)
      : words(props, at, value ?? [], change),
  );
}

/** `extend`: one occurrence that holds all the rows. */
function extended(props: ControlProps): HTMLElement {
  const given = Array.isArray(props.value) ? props.value.flat().map(String) : [];
  const change = (value: unknown): void =>
    props.change(Array.isArray(value) ? [value] : undefined);
  return growing(given, { ...props, change }, (at, value, set) =>
    itemInput(item(props, at, value, set)),
  );
}

function item(
  props: ControlProps,
  at: number,
  value: string | undefined,
  change: (value: string | undefined) => void,
): ItemProps {
  return {
    argument: withoutDefault(props.argument),
    id: `${props.id}-${at}`,
    name: `${props.name}, value ${at + 1}`,
    value,
    placeholder: at === 0 ? defaultText(props.argument) : "",
    typed: props.typed(at),
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

/** One field that holds several words, split as in a shell. */
function words(
  props: ControlProps,
  at: number,
  value: string[],
  change: (value: string[] | undefined) => void,
): HTMLElement {
  return textInput({
    ...item(props, at, joinShell(value), () => undefined),
    change: (text) => change(splitShell(text ?? "") ?? undefined),
  });
}

/** Exactly as many fields as nargs says, side by side. */
function exactly(
  count: number,
  props: ControlProps,
  given: string[],
  change: (values: string[] | undefined) => void,
): HTMLElement {
  const values = Array.from({ length: count }, (_, at) => given[at] ?? "");
  const names = [props.argument.metavar ?? []].flat();
  const defaults = [props.argument.default ?? []].flat().map(String);
  const fields = values.map((value, at) => {
    const one = item(props, at, value, (text) => {
      values[at] = text ?? "";
      change(values.every((each) => each === "") ? undefined : [...values]);
    });
    const name = names.length === count ? names[at] : undefined;
    const placeholder = defaults[at] ?? name ?? "";
    return itemInput({ ...one, placeholder, name: name ?? one.name });
  });
  return h("div", { class: "ops-exact" }, ...fields);
}

/** Rows that grow: an empty first row waits for the first value. */
function growing<T>(
  given: T[],
  props: ControlProps,
  draw: (
    at: number,
    value: T | undefined,
    change: (value: T | undefined) => void,
  ) => HTMLElement,
): HTMLElement {
  const values: (T | undefined)[] = given.length > 0 ? [...given] : [undefined];
  const rows = h("div", { class: "ops-rows" });
  const emit = (): void => {
    const filled = values.filter((value) => value !== undefined);
    props.change(filled.length > 0 ? filled : undefined);
  };
  const show = (focus = -1): void => {
    rows.replaceChildren(...values.map((value, at) => row(value, at)));
    rows.children[focus]?.querySelector<HTMLElement>("input, select")?.focus();
  };
  const row = (value: T | undefined, at: number): HTMLElement => {
    const field = draw(at, value, (changed) => {
      values[at] = changed;
      emit();
    });
    const remove = h(
      "button",
      {
        class: "ops-button ops-quiet ops-icon-button",
        type: "button",
        title: "Remove this value",
        "aria-label": `Remove value ${at + 1} of ${props.name}`,
        onclick: () => {
          for (let from = at; from < values.length; from++) {
            props.setTyped(from, props.typed(from + 1));
          }
          values.splice(at, 1);
          if (values.length === 0) values.push(undefined);
          show();
          emit();
        },
      },
      icon("close"),
    );
    const shown = values.length > 1 ? remove : null;
    return h(
      "div",
      { class: "ops-row" },
      h("div", { class: "ops-row-field" }, field),
      shown,
    );
  };
  const add = h(
    "button",
    {
      class: "ops-button ops-quiet ops-add",
      type: "button",
      onclick: () => {
        values.push(undefined);
        show(values.length - 1);
      },
    },
    icon("plus"),
    "Add another",
  );
  show();
  return h("div", { class: "ops-list", id: props.id }, rows, add);
}
