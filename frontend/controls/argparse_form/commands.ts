// The subcommand chooser, and the chosen one's own form inside it.
import { h } from "../shared/dom";
import { prose } from "../shared/prose";
import { searchable } from "./combobox";
import { FOCUSABLE, type FieldView, type FormContext } from "./context";
import { markInvalid, requiredMark } from "./field_parts";
import { type Command, type CommandSet, type Parser, chosen, keyOf } from "./spec";

/** More commands than these are found by typing. */
const FEW = 7;

type DrawParser = (parser: Parser, path: readonly string[]) => HTMLElement[];

export function commandSection(
  context: FormContext,
  parser: Parser,
  set: CommandSet,
  path: readonly string[],
  drawParser: DrawParser,
): HTMLElement {
  const { state } = context;
  const key = keyOf(path, "command");
  const id = `${context.prefix}-${[...path, "command"].join("-").replace(/\s/g, "_")}`;
  const slot = h("div", { class: "ops-field" });
  const nested = h("div", { class: "ops-command-form" });
  const message = h("div", {
    class: "ops-field-error ops-error-text",
    id: `${id}-error`,
  });
  const current = (): string => state.level(path).command?.name ?? "";
  const nest = (): void => {
    forgetBelow(context, path);
    const command = chosen(parser, state.level(path));
    nested.replaceChildren(
      ...(command ? commandForm(command, [...path, command.name], drawParser) : []),
    );
    context.rearranged();
  };
  const choose = (name: string): void => {
    state.choose(path, name);
    state.touched.add(key);
    nest();
    view.refresh();
  };
  const control = (): HTMLElement => {
    const props = { id, name: titleOf(set), current: current(), choose };
    const isMany = set.commands.length > FEW;
    return isMany ? select(context, set, props) : options(set, props);
  };
  const view: FieldView = {
    key,
    path,
    name: titleOf(set),
    argument: undefined,
    element: slot,
    text: () =>
      `command ${set.commands.map((one) => one.name).join(" ")}`.toLowerCase(),
    isRequired: !!set.required,
    group: undefined,
    isChanged: () => current() !== "",
    draw: () => undefined,
    focus: () => slot.querySelector<HTMLElement>(FOCUSABLE)?.focus(),
    refresh: () => {
      const isTold = state.showAll || state.touched.has(key);
      const missing = set.required && !current() ? "Choose a command." : "";
      const server = context.errors()[key] ?? "";
      message.replaceChildren(...prose(isTold ? missing || server : ""));
      markInvalid(slot, message.textContent !== "");
    },
    rebuild: () => {
      slot.replaceChildren(control(), message);
      nest();
      view.refresh();
    },
  };
  context.views.set(key, view);
  view.rebuild();
  const text = set.description ?? set.help ?? "";
  return h(
    "section",
    { class: "ops-section ops-command" },
    h(
      "h3",
      { class: "ops-section-title" },
      titleOf(set),
      set.required ? requiredMark() : null,
    ),
    text ? h("p", { class: "ops-section-text ops-muted", dir: "auto" }, text) : null,
    slot,
    nested,
  );
}

const PLAIN_TITLES = new Set(["positional arguments", "options", "optional arguments"]);

function titleOf(set: CommandSet): string {
  const title = set.title ?? "";
  return title && !PLAIN_TITLES.has(title) ? title : "Command";
}

/** The fields of a command that is no longer chosen are gone. */
function forgetBelow({ views, state }: FormContext, path: readonly string[]): void {
  for (const [key, view] of views) {
    if (view.path.length <= path.length) continue;
    views.delete(key);
    state.refused.delete(key);
  }
}

interface ChooserProps {
  id: string;
  name: string;
  current: string;
  choose: (name: string) => void;
}

function options(set: CommandSet, props: ChooserProps): HTMLElement {
  const one = (name: string, ...said: (Node | null)[]): HTMLElement =>
    h(
      "label",
      { class: "ops-command-option" },
      h("input", {
        type: "radio",
        name: props.id,
        "aria-label": name || "none",
        checked: name === props.current,
        onchange: () => props.choose(name),
      }),
      ...said,
    );
  const rows = set.commands.map((command) =>
    one(
      command.name,
      h("span", { class: "ops-command-name" }, command.name),
      aliases(command),
      command.help
        ? h("span", { class: "ops-command-help", dir: "auto" }, command.help)
        : null,
    ),
  );
  const none = one("", h("span", { class: "ops-muted" }, "none"));
  const attributes = {
    role: "radiogroup",
    id: props.id,
    "aria-label": props.name,
    "aria-describedby": `${props.id}-error`,
    "aria-required": set.required ? "true" : null,
  };
  return h(
    "div",
    { class: "ops-commands", ...attributes },
    ...(set.required ? rows : [none, ...rows]),
  );
}

function aliases({ aliases: names }: Command): HTMLElement | null {
  if (!names || names.length === 0) return null;
  return h("span", { class: "ops-command-alias" }, `or ${names.join(", ")}`);
}

function select(
  context: FormContext,
  set: CommandSet,
  props: ChooserProps,
): HTMLElement {
  const choices = set.commands.map((command) => ({
    value: command.name,
    label: command.name,
    note: [(command.aliases ?? []).join(", "), command.help ?? ""]
      .filter(Boolean)
      .join(" \u00b7 "),
  }));
  const control = searchable({
    argument: { id: "command", dest: "command", required: !!set.required, choices },
    key: "",
    id: props.id,
    name: props.name,
    value: props.current || undefined,
    placeholder: set.required
      ? `Choose one of ${choices.length} commands\u2026`
      : "none",
    hooks: context.hooks,
    options: choices,
    start: undefined,
    empty: set.required ? "" : "none",
    isStrict: true,
    change: (name) => props.choose(name ?? ""),
    left: () => undefined,
  });
  control.classList.add("ops-command-select");
  return control;
}

function commandForm(
  command: Command,
  path: readonly string[],
  drawParser: DrawParser,
): HTMLElement[] {
  const parser = command.parser;
  const said = (parser.description ?? "").trim() || (command.help ?? "");
  const sections = drawParser(parser, path);
  return [
    h(
      "div",
      { class: "ops-command-head" },
      h("span", { class: "ops-command-name" }, path.join(" ")),
      said ? h("span", { class: "ops-muted", dir: "auto" }, said) : null,
    ),
    ...sections,
    sections.length === 0
      ? h(
          "p",
          { class: "ops-section-text ops-muted" },
          `${command.name} takes no arguments.`,
        )
      : null,
  ].filter((element): element is NonNullable<typeof element> => element !== null);
}
