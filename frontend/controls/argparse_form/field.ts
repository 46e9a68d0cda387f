// One argument's row: name, control, help, reset, and what is wrong.
import { h, icon } from "../shared/dom";
import { isTyping } from "../shared/keys";
import { checkValue, keyOf } from "./check";
import { argumentControl } from "./controls";
import { defaultText, displayName, hint, isRequired, shapeOf } from "./meaning";
import { startOf, wrongWayRound } from "./order";
import type { Hooks } from "./hooks";
import type { Argument, Parser } from "./spec";
import { type FormState, rivals } from "./state";

export interface FieldView {
  key: string;
  id: string;
  element: HTMLElement;
  /** What the search looks through. */
  text: string;
  isChanged: () => boolean;
  /** Show marks and messages anew. */
  refresh: () => void;
  /** Draw the control anew from the state. */
  rebuild: () => void;
}

export interface FormContext {
  state: FormState;
  views: Map<string, FieldView>;
  /** Sentences from the server, by id. */
  errors: () => Record<string, string>;
  /** A prefix for element ids, unique on the page. */
  prefix: string;
  /** What stands in place of, or beside, the built-in controls. */
  hooks: Hooks;
}

let counter = 0;

export function fieldView(
  context: FormContext,
  parser: Parser,
  path: readonly string[],
  argument: Argument,
): FieldView {
  const { state } = context;
  const key = keyOf(path, argument.id);
  const id = `${context.prefix}-${++counter}`;
  const name = displayName(argument);
  const slot = h("div", { class: "ops-field-slot" });
  const message = h("div", {
    class: "ops-field-error ops-error-text",
    id: `${id}-error`,
  });
  const note = h("div", { class: "ops-field-note", "aria-live": "polite" });
  const ids = (parser.arguments ?? []).map((one) => one.id);
  const ends = ids.filter((one) => startOf(one, ids) === argument.id);
  const back = defaultText(argument);
  const reset = h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button ops-field-reset",
      type: "button",
      title: back ? `Back to the default (${back})` : "Clear",
      "aria-label": back ? `Reset ${name} to ${back}` : `Clear ${name}`,
      onclick: () => {
        state.set(path, argument.id, undefined);
        for (const word of state.typed.keys()) {
          if (word.startsWith(`${key}\n`)) state.typed.delete(word);
        }
        view.rebuild();
        slot.querySelector<HTMLElement>("input, select, button")?.focus();
      },
    },
    icon("reset"),
  );

  const change = (value: unknown): void => {
    state.set(path, argument.id, value, parser);
    if (!isTyping(document.activeElement)) state.touched.add(key);
    for (const rival of rivals(parser, argument.id)) {
      context.views.get(keyOf(path, rival))?.rebuild();
    }
    for (const end of ends) context.views.get(keyOf(path, end))?.refresh();
    view.refresh();
  };
  const left = (): void => {
    state.touched.add(key);
    view.refresh();
  };
  const element = h(
    "div",
    {
      class: "ops-field",
      "data-shape": shapeOf(argument),
      "data-id": argument.id,
    },
    label(argument, id, name),
    h("div", { class: "ops-field-control" }, slot, reset, message, note),
    help(argument),
  );
  const view: FieldView = {
    key,
    id: argument.id,
    element,
    text: [name, argument.help ?? "", ...(argument.option_strings ?? [])]
      .join(" ")
      .toLowerCase(),
    isChanged: () => state.get(path, argument.id) !== undefined,
    refresh: () => {
      const changed = view.isChanged();
      element.dataset["changed"] = String(changed);
      reset.style.visibility = changed ? "visible" : "hidden";
      show(view, message, sentence(context, argument, path, key));
      note.textContent = orderNote(context, argument, path, ids);
    },
    rebuild: () => {
      if (context.hooks.host?.(key, slot)) {
        view.refresh();
        return;
      }
      slot.replaceChildren(
        argumentControl({
          argument,
          id,
          name,
          value: state.get(path, argument.id),
          typed: (at) => state.typed.get(`${key}\n${at}`),
          setTyped: (at, text) => {
            if (text === undefined) state.typed.delete(`${key}\n${at}`);
            else state.typed.set(`${key}\n${at}`, text);
          },
          change,
          left,
        }),
      );
      view.refresh();
    },
  };
  view.rebuild();
  context.views.set(key, view);
  return view;
}

function label(argument: Argument, id: string, name: string): HTMLElement {
  const options = (argument.option_strings ?? []).join(", ") || `positional ${name}`;
  return h(
    "div",
    { class: "ops-field-name", title: options },
    h("label", { for: id }, name),
    isRequired(argument)
      ? h("span", { class: "ops-required", title: "Required" }, " *")
      : null,
    argument.deprecated ? h("span", { class: "ops-tag" }, "deprecated") : null,
    h("span", { class: "ops-visually-hidden ops-changed-word" }, ", changed"),
  );
}

function help(argument: Argument): HTMLElement {
  const said = (argument.help ?? "").trim();
  const more = hint(argument);
  const hinted = more
    ? h("span", { class: "ops-field-hint" }, said ? ` (${more})` : more)
    : null;
  if (said.length < LONG && said.split("\n").length < TALL) {
    return h("div", { class: "ops-field-help" }, said, hinted);
  }
  return h(
    "div",
    { class: "ops-field-help" },
    h("div", { class: "ops-field-said" }, said, hinted),
    unfold(),
  );
}

/** Help of more characters, or of more lines, is folded. */
const LONG = 240;
const TALL = 7;

function unfold(): HTMLElement {
  const button = h(
    "button",
    {
      class: "ops-button ops-quiet ops-field-more",
      type: "button",
      "aria-expanded": "false",
      onclick: () => {
        const open = button.getAttribute("aria-expanded") !== "true";
        button.setAttribute("aria-expanded", String(open));
        button.textContent = open ? "less" : "more";
      },
    },
    "more",
  );
  return button;
}

/** What to say at the field now: our own checks, then what the server found. */
function sentence(
  context: FormContext,
  argument: Argument,
  path: readonly string[],
  key: string,
): string {
  const { state } = context;
  const value = state.get(path, argument.id);
  const quiet = !state.touched.has(key) && !state.showAll;
  if (quiet && (value === undefined || stillTyping(value))) return "";
  const server = context.errors()[key] ?? context.errors()[argument.id];
  return checkValue(argument, value) || (quiet ? "" : (server ?? ""));
}

/** The module may want it so, therefore this is said and keeps nobody from running. */
function orderNote(
  { state }: FormContext,
  argument: Argument,
  path: readonly string[],
  ids: readonly string[],
): string {
  const start = startOf(argument.id, ids);
  if (start === undefined) return "";
  const day = state.get(path, start);
  if (!wrongWayRound(day, state.get(path, argument.id))) return "";
  return `This is before ${start.replace(/^-+/, "")} (${String(day)}).`;
}

/** A number's sign or a list's first field: wrong so far, but not yet worth saying. */
function stillTyping(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((part) => part === "");
  return value === "-" || value === "+" || value === ".";
}

type Field = HTMLInputElement | HTMLSelectElement;
const FIELDS = "input, select";

function show(view: FieldView, message: HTMLElement, text: string): void {
  message.textContent = text;
  view.element.classList.toggle("ops-invalid", text !== "");
  for (const input of view.element.querySelectorAll<Field>(FIELDS)) {
    if (input.type === "radio" || input.type === "checkbox") continue;
    if (text) {
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", message.id);
    } else {
      input.removeAttribute("aria-invalid");
      input.removeAttribute("aria-describedby");
    }
  }
}
