// One argument's row: name, control, help, reset, menu, and what is wrong.
import { copyText } from "../shared/clipboard";
import { h, icon } from "../shared/dom";
import { isTyping } from "../shared/keys";
import { checkValue } from "./check";
import { FOCUSABLE, type FieldView, type FormContext } from "./context";
import { argumentControl } from "./controls";
import { describe, help, label, markInvalid, showError } from "./field_parts";
import { defaultText, displayName, isRequired, itemOf, shapeOf } from "./meaning";
import { type MenuPart, menuButton } from "./menu";
import { rangesOf, wrongWayRound } from "./order";
import { type Argument, type Parser, keyOf } from "./spec";
import { rivals } from "./state";
import { asOption, valueText } from "./words";

let counter = 0;

/** A member of an exclusive group: a radio button chooses it. */
export interface Member {
  /** Names the group in the form. */
  group: string;
  isRequired: boolean;
  radio: HTMLInputElement;
  /** The user changed its value. */
  changed: () => void;
  /** It was drawn anew. */
  refreshed: () => void;
}

export function fieldView(
  context: FormContext,
  parser: Parser,
  path: readonly string[],
  argument: Argument,
  member?: Member,
): FieldView {
  const { state } = context;
  const key = keyOf(path, argument.id);
  const id = `${context.prefix}-${++counter}`;
  const name = displayName(argument);
  const ranges = rangesOf(parser);
  const get = (): unknown => state.get(path, argument.id);
  const slot = h("div", { class: "ops-field-slot" });
  const message = h("div", {
    class: "ops-field-error ops-error-text",
    id: `${id}-error`,
  });
  const note = h("div", { class: "ops-field-note", id: `${id}-note` });
  let isDrawn = false;

  const set = (value: unknown): void => {
    state.forgetTyped(key);
    state.set(path, argument.id, value, parser);
    state.touched.add(key);
    changed();
    view.rebuild();
  };
  const changed = (): void => {
    for (const rival of rivals(parser, argument.id)) {
      context.views.get(keyOf(path, rival))?.rebuild();
    }
    for (const end of ranges.ends.get(argument.id) ?? []) {
      context.views.get(keyOf(path, end))?.refresh();
    }
    member?.changed();
  };
  const reset = resetButton(argument, name, () => {
    context.hooks.reset?.(key);
    set(undefined);
    view.focus();
  });
  const menu = menuButton(`More for ${name}`, () =>
    menuParts(context, view, argument, { get, set }),
  );
  const element = h("div", {
    class: "ops-field",
    "data-shape": shapeOf(argument),
    "data-id": argument.id,
    "data-changed": "false",
    "data-unasked": !!argument.form?.hidden,
  });
  const draw = (): void => {
    if (isDrawn) return;
    isDrawn = true;
    element.append(
      label(argument, {
        target: member?.radio.id ?? id,
        name,
        lead: member?.radio,
        focus: () => (document.getElementById(id) ? undefined : view.focus()),
      }),
      h(
        "div",
        { class: "ops-field-control" },
        slot,
        h("div", { class: "ops-field-tools" }, reset, menu),
        message,
        note,
      ),
      help(argument, `${id}-help`),
    );
    view.rebuild();
  };
  const view: FieldView = {
    key,
    path,
    name,
    argument,
    element,
    text: lazily(() => searchText(argument, name)),
    isRequired: member?.isRequired ?? isRequired(argument),
    group: member?.group,
    isChanged: () => get() !== undefined,
    draw,
    focus: () => {
      draw();
      const isOpen = !element.matches(".ops-unpicked, .ops-whole");
      if (member && !isOpen) return member.radio.focus();
      slot.querySelector<HTMLElement>(FOCUSABLE)?.focus();
    },
    refresh: () => {
      const isChanged = view.isChanged();
      element.dataset["changed"] = String(isChanged);
      if (!isDrawn) return;
      reset.hidden = !isChanged && !context.hooks.errorOf?.(key);
      const wrong = sentence(context, argument, path, key);
      if (wrong && wrong !== message.dataset["text"])
        context.announce(`${name}: ${wrong}`);
      showError(element, message, wrong);
      const own = context.hooks.noteOf?.(key) || argument.form?.warning;
      const start = ranges.starts.get(argument.id);
      note.textContent = own || orderNote(get(), start, (one) => state.get(path, one));
    },
    rebuild: () => {
      if (!isDrawn) return view.refresh();
      state.refused.delete(key);
      if (!context.hooks.host?.(key, slot)) slot.replaceChildren(control());
      describe(slot, argument, `${id}-help ${id}-error ${id}-note`);
      view.refresh();
      markInvalid(element, !!message.dataset["text"]);
      member?.refreshed();
    },
  };
  const control = (): HTMLElement =>
    argumentControl({
      argument,
      key,
      id,
      name,
      value: get(),
      hooks: context.hooks,
      typed: (at) => state.typedAt(key, at),
      setTyped: (at, text) => state.setTyped(key, at, text),
      change: (value) => {
        state.set(path, argument.id, value, parser);
        if (!isTyping(document.activeElement)) state.touched.add(key);
        changed();
        view.refresh();
      },
      refuse: (text) => {
        if (text) state.refused.set(key, text);
        else state.refused.delete(key);
        state.said();
        view.refresh();
      },
      left: () => {
        state.touched.add(key);
        context.whenCalm(view.refresh);
      },
    });
  context.views.set(key, view);
  context.drawLater(view);
  return view;
}

function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

function searchText(argument: Argument, name: string): string {
  const options = argument.option_strings ?? [];
  return [name, ...options, argument.help ?? ""].join(" ").toLowerCase();
}

function resetButton(argument: Argument, name: string, act: () => void): HTMLElement {
  const back = defaultText(argument);
  return h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button ops-field-reset",
      type: "button",
      title: back ? `Back to the default (${back})` : "Clear",
      "aria-label": back ? `Reset ${name} to ${back}` : `Clear ${name}`,
      hidden: true,
      onclick: act,
    },
    icon("reset"),
  );
}

const MOST_RECENT = 8;

function menuParts(
  context: FormContext,
  view: FieldView,
  argument: Argument,
  { get, set }: { get: () => unknown; set: (value: unknown) => void },
): MenuPart[] {
  const isSecret = itemOf(argument) === "secret";
  const recent = isSecret ? [] : (context.recent()[view.key] ?? []);
  const back = defaultText(argument);
  const actions = [
    view.isChanged()
      ? {
          label: back ? "Reset to default" : "Clear",
          note: back,
          act: () => set(undefined),
        }
      : null,
    isSecret
      ? null
      : {
          label: "Copy as option",
          note: "",
          act: () => {
            void copyText(asOption(argument, get()));
            context.announce("Copied");
          },
        },
    isSecret || shapeOf(argument) === "raw"
      ? null
      : {
          label: "Sweep this field\u2026",
          note: "several runs",
          act: () => context.sweep(view.key),
        },
  ];
  return [
    { title: "", items: actions.filter((item) => item !== null) },
    {
      title: "Recent values",
      items: recent
        .slice(0, MOST_RECENT)
        .map((one) => ({ label: valueText(one), act: () => set(one) })),
    },
  ];
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
  const hosted = context.hooks.errorOf?.(key) ?? "";
  if (hosted) return hosted;
  const refused = state.refused.get(key) ?? "";
  const quiet = !state.touched.has(key) && !state.showAll;
  if (quiet && (value === undefined || stillTyping(value))) return "";
  const own = refused || checkValue(argument, value);
  return own || (quiet ? "" : (context.errors()[key] ?? ""));
}

/** The module may want it so, therefore this is said and keeps nobody from running. */
function orderNote(
  day: unknown,
  start: string | undefined,
  get: (id: string) => unknown,
): string {
  if (start === undefined || !wrongWayRound(get(start), day)) return "";
  return `This is before ${start.replace(/^-+/, "")} (${String(get(start))}).`;
}

/** A number's sign or a list's first field: wrong so far, but not yet worth saying. */
function stillTyping(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((part) => part === "" || part === null);
  return value === "-" || value === "+" || value === ".";
}
