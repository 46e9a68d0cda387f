// A parser as sections: required first, its command, groups in order, advanced folded.
import { h } from "../shared/dom";
import { type FormContext, fieldView } from "./field";
import { keyOf } from "./check";
import { isAdvanced, isField, isRequired } from "./meaning";
import { type Argument, type Command, type Parser, chosen } from "./spec";
import { byId } from "./state";

const TITLES: Record<string, string> = {
  "positional arguments": "Arguments",
  options: "Options",
  "optional arguments": "Options",
};

export function parserSections(
  context: FormContext,
  parser: Parser,
  path: readonly string[] = [],
): HTMLElement[] {
  const fields = (parser.arguments ?? []).filter(isField);
  const exclusive = new Set(
    (parser.exclusive_groups ?? []).flatMap((g) => g.arguments),
  );
  const required = fields.filter((a) => isRequired(a) && !exclusive.has(a.id));
  const advanced = fields.filter((a) => isAdvanced(a) && !exclusive.has(a.id));
  const drawn = new Set([...required, ...advanced].map((argument) => argument.id));
  const draw = (list: Argument[]): HTMLElement[] =>
    rows(context, parser, path, list, drawn);
  const sections = [
    section(
      "Required",
      "",
      required.map((a) => fieldView(context, parser, path, a).element),
    ),
    parser.commands ? commandSection(context, parser, path) : null,
    ...grouped(parser, fields).map(({ title, description, members }) =>
      section(title, description, draw(members)),
    ),
    advanced.length > 0 ? advancedSection(context, parser, path, advanced) : null,
  ];
  return sections.filter((element): element is HTMLElement => element !== null);
}

interface TitledGroup {
  title: string;
  description: string;
  members: Argument[];
}

/** The groups in their order, and what stands in none of them. */
function grouped(parser: Parser, fields: Argument[]): TitledGroup[] {
  const known = byId(parser);
  const placed = new Set<string>();
  const groups = (parser.groups ?? []).map((group) => {
    const members = (group.arguments ?? [])
      .map((id) => known.get(id))
      .filter((argument): argument is Argument => !!argument && isField(argument));
    for (const argument of members) placed.add(argument.id);
    const title = group.title ?? "Options";
    return {
      title: TITLES[title] ?? title,
      description: group.description ?? "",
      members,
    };
  });
  const rest = fields.filter((argument) => !placed.has(argument.id));
  return [...groups, { title: "Options", description: "", members: rest }];
}

/** Rows of fields; an exclusive group stands where its first member does. */
function rows(
  context: FormContext,
  parser: Parser,
  path: readonly string[],
  members: Argument[],
  drawn: Set<string>,
): HTMLElement[] {
  const result: HTMLElement[] = [];
  for (const argument of members) {
    if (drawn.has(argument.id)) continue;
    const group = parser.exclusive_groups?.find((g) =>
      g.arguments.includes(argument.id),
    );
    const ids = group ? group.arguments : [argument.id];
    const list = ids
      .filter((id) => !drawn.has(id))
      .map((id) => byId(parser).get(id))
      .filter((each): each is Argument => !!each && isField(each));
    for (const each of list) drawn.add(each.id);
    const elements = list.map((each) => fieldView(context, parser, path, each).element);
    if (group && elements.length > 1) result.push(oneOf(elements, !!group.required));
    else result.push(...elements);
  }
  return result;
}

/** The frame of an exclusive group: setting one clears the others. */
function oneOf(elements: HTMLElement[], required: boolean): HTMLElement {
  const text = required ? "Exactly one of these" : "At most one of these";
  return h("fieldset", { class: "ops-one-of" }, h("legend", {}, text), ...elements);
}

function section(
  title: string,
  description: string,
  elements: HTMLElement[],
): HTMLElement | null {
  if (elements.length === 0) return null;
  return h(
    "section",
    { class: "ops-section" },
    h("h3", { class: "ops-section-title" }, title),
    description ? h("p", { class: "ops-section-text ops-muted" }, description) : null,
    ...elements,
  );
}

function advancedSection(
  context: FormContext,
  parser: Parser,
  path: readonly string[],
  members: Argument[],
): HTMLElement {
  return h(
    "details",
    { class: "ops-section ops-advanced" },
    h("summary", { class: "ops-section-title" }, `Advanced (${members.length})`),
    ...members.map((argument) => fieldView(context, parser, path, argument).element),
  );
}

/** The subcommand chooser, and the chosen one's own form inside it. */
function commandSection(
  context: FormContext,
  parser: Parser,
  path: readonly string[],
): HTMLElement {
  const set = parser.commands;
  const nested = h("div", { class: "ops-command-form" });
  const message = h("div", { class: "ops-field-error ops-error-text" });
  const key = keyOf(path, "");
  const draw = (): void => {
    const command = chosen(parser, context.state.level(path));
    nested.replaceChildren(...(command ? commandForm(context, command, path) : []));
    message.textContent = "";
  };
  const choose = (name: string): void => {
    context.state.choose(path, name);
    draw();
  };
  const chooser = commandChooser(context, parser, path, choose);
  context.views.set(key, {
    key,
    id: "",
    element: chooser,
    text: "command",
    isChanged: () => context.state.level(path).command?.name !== undefined,
    refresh: () => {
      const missing = !!set?.required && !context.state.level(path).command?.name;
      message.textContent = missing && context.state.showAll ? "Choose a command." : "";
    },
    rebuild: draw,
  });
  draw();
  const title = set?.title && !TITLES[set.title] ? set.title : "Command";
  const text = set?.description ?? set?.help ?? "";
  return h(
    "section",
    { class: "ops-section ops-command" },
    h("h3", { class: "ops-section-title" }, title, set?.required ? required() : null),
    text ? h("p", { class: "ops-section-text ops-muted" }, text) : null,
    chooser,
    message,
    nested,
  );
}

function required(): HTMLElement {
  return h("span", { class: "ops-required", title: "Required" }, " *");
}

const FEW_COMMANDS = 7;

function commandChooser(
  context: FormContext,
  parser: Parser,
  path: readonly string[],
  choose: (name: string) => void,
): HTMLElement {
  const commands = parser.commands?.commands ?? [];
  const current = context.state.level(path).command?.name ?? "";
  if (commands.length > FEW_COMMANDS) return commandSelect(commands, current, choose);
  const name = `${context.prefix}-command-${path.join("-")}`;
  const options = commands.map((command) =>
    h(
      "label",
      { class: "ops-command-option", title: command.help ?? "" },
      h("input", {
        type: "radio",
        name,
        checked: command.name === current,
        onchange: () => choose(command.name),
      }),
      h("span", { class: "ops-command-name" }, command.name),
      command.help ? h("span", { class: "ops-muted" }, command.help) : null,
    ),
  );
  const none = h(
    "label",
    { class: "ops-command-option" },
    h("input", {
      type: "radio",
      name,
      checked: current === "",
      onchange: () => choose(""),
    }),
    h("span", { class: "ops-muted" }, "no command"),
  );
  const all = parser.commands?.required ? options : [none, ...options];
  return h("div", { class: "ops-commands", role: "radiogroup" }, ...all);
}

function commandSelect(
  commands: Command[],
  current: string,
  choose: (name: string) => void,
): HTMLElement {
  const select = h(
    "select",
    {
      class: "ops-input",
      "aria-label": "Command",
      onchange: () => choose(select.value),
    },
    h("option", { value: "" }, "Choose a command\u2026"),
    ...commands.map((command) =>
      h(
        "option",
        { value: command.name },
        command.help ? `${command.name}: ${command.help}` : command.name,
      ),
    ),
  );
  select.value = current;
  return select;
}

function commandForm(
  context: FormContext,
  command: Command,
  path: readonly string[],
): HTMLElement[] {
  const parser = command.parser;
  const said = parser.description ?? "";
  const fields = parserSections(context, parser, [...path, command.name]);
  return [
    said ? h("p", { class: "ops-section-text ops-muted" }, said) : null,
    ...fields,
    fields.length === 0
      ? h(
          "p",
          { class: "ops-section-text ops-muted" },
          `${command.name} takes no arguments.`,
        )
      : null,
  ].filter((element): element is NonNullable<typeof element> => element !== null);
}
