// The form of a module without a parser: date tokens, free arguments, variables.
import { h, icon } from "../shared/dom";
import { prose } from "../shared/prose";
import { checkItem } from "./check";
import type { FormContext } from "./context";
import { dateInput } from "./date_input";
import type { Hooks } from "./hooks";
import type { Argument } from "./spec";

export const DATE_TOKENS = ["COB_DATE", "RUN_DATE", "START_DATE", "END_DATE"] as const;

const SAID: Record<string, string> = {
  COB_DATE: "Close of business that the module works on",
  RUN_DATE: "Day that it counts as run on",
  START_DATE: "First day of a range",
  END_DATE: "Last day of a range",
};

/** What is wrong with the date tokens: name -> sentence. */
export function tokenProblems(tokens: Record<string, string>): Record<string, string> {
  const found = Object.entries(tokens).map(([name, text]): [string, string] => [
    name,
    checkItem({ id: name, dest: name }, text),
  ]);
  return Object.fromEntries(found.filter(([, problem]) => problem !== ""));
}

export interface Plain {
  tokens: Record<string, string>;
  variables: Record<string, string>;
}

export function plainSections(
  values: Plain,
  { prefix, hooks }: FormContext,
  offerDates: boolean,
  changed: (values: Plain) => void,
): HTMLElement[] {
  const tokens = new Map(Object.entries(values.tokens));
  const variables = Object.entries(values.variables);
  const emit = (): void =>
    changed({
      tokens: Object.fromEntries(tokens),
      variables: named(variables),
    });
  const rows = DATE_TOKENS.map((name) =>
    dateRow(name, `${prefix}-${name}`, tokens.get(name), hooks, (value) => {
      if (value === undefined) tokens.delete(name);
      else tokens.set(name, value);
      emit();
    }),
  );
  const dates = h(
    "details",
    { class: "ops-section", open: tokens.size > 0 },
    h("summary", { class: "ops-section-title" }, h("h3", {}, "Date tokens")),
    h(
      "p",
      { class: "ops-section-text ops-muted" },
      "A date that is filled in is passed as an argument like COB_DATE=2025-03-31; " +
        "an empty one is left out.",
    ),
    ...rows,
  );
  const free = h(
    "section",
    { class: "ops-section" },
    h("h3", { class: "ops-section-title" }, "Environment variables"),
    variableRows(variables, emit),
  );
  return offerDates ? [dates, free] : [free];
}

function named(variables: [string, string][]): Record<string, string> {
  return Object.fromEntries(variables.filter(([name]) => name !== ""));
}

function dateRow(
  name: string,
  id: string,
  value: string | undefined,
  hooks: Hooks,
  change: (value: string | undefined) => void,
): HTMLElement {
  const argument: Argument = { id: name, dest: name };
  const message = h("div", { class: "ops-field-error ops-error-text", role: "alert" });
  const say = (text: string | undefined): void => {
    message.replaceChildren(...prose(text ? checkItem(argument, text) : ""));
  };
  say(value);
  const input = dateInput({
    argument,
    key: name,
    hooks,
    id,
    value,
    placeholder: "",
    name,
    change: (text) => {
      say(text);
      change(text);
    },
    left: () => undefined,
  });
  return h(
    "div",
    { class: "ops-field", "data-id": name },
    h("div", { class: "ops-field-name" }, h("label", { for: id }, name)),
    h(
      "div",
      { class: "ops-field-control" },
      h("div", { class: "ops-field-slot" }, input),
      message,
    ),
    h("div", { class: "ops-field-help" }, SAID[name] ?? ""),
  );
}

const VARIABLE = /^[A-Za-z_]\w*$/;

function variableRows(rows: [string, string][], emit: () => void): HTMLElement {
  const list = h("div", { class: "ops-rows" });
  const draw = (focus = -1): void => {
    list.replaceChildren(
      ...rows.map((row, at) => variableRow(row, () => remove(at), emit)),
    );
    list.children[focus]?.querySelector("input")?.focus();
  };
  const remove = (at: number): void => {
    rows.splice(at, 1);
    draw();
    emit();
  };
  const add = h(
    "button",
    {
      class: "ops-button ops-quiet ops-add",
      type: "button",
      onclick: () => {
        rows.push(["", ""]);
        draw(rows.length - 1);
      },
    },
    icon("plus"),
    "Add a variable",
  );
  draw();
  return h("div", { class: "ops-list" }, list, add);
}

function variableRow(
  row: [string, string],
  remove: () => void,
  emit: () => void,
): HTMLElement {
  const field = (at: 0 | 1, name: string): HTMLInputElement => {
    const input = h("input", {
      class: "ops-input ops-code",
      value: row[at],
      placeholder: name,
      "aria-label": name,
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => {
        row[at] = input.value;
        const wrong = at === 0 && input.value !== "" && !VARIABLE.test(input.value);
        input.setAttribute("aria-invalid", String(wrong));
        if (!wrong) emit();
      },
    });
    return input;
  };
  return h(
    "div",
    { class: "ops-row ops-variable" },
    field(0, "NAME"),
    "=",
    field(1, "value"),
    h(
      "button",
      {
        class: "ops-button ops-quiet ops-icon-button",
        type: "button",
        "aria-label": `Remove ${row[0] || "the variable"}`,
        onclick: remove,
      },
      icon("close"),
    ),
  );
}
