// A parser as sections: required first, its command, groups in order, advanced folded.
import { h } from "../shared/dom";
import { commandSection } from "./commands";
import type { FormContext } from "./context";
import { exclusiveGroup } from "./exclusive";
import { fieldView } from "./field";
import { isAdvanced, isField, isRequired } from "./meaning";
import type { Argument, Parser } from "./spec";
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
    (parser.exclusive_groups ?? [])
      .filter((group) => group.arguments.length > 1)
      .flatMap((group) => group.arguments),
  );
  // What the module has put into a group of its form stays there.
  const placed = new Set(
    (parser.form?.groups ?? []).flatMap((one) => one.arguments ?? []),
  );
  const isFree = ({ id }: Argument): boolean => !exclusive.has(id) && !placed.has(id);
  const required = fields.filter((one) => isRequired(one) && isFree(one));
  const advanced = fields.filter((one) => isAdvanced(one) && isFree(one));
  const drawn = new Set([...required, ...advanced].map((argument) => argument.id));
  const field = (argument: Argument): HTMLElement =>
    fieldView(context, parser, path, argument).element;
  const nested = (deeper: Parser, below: readonly string[]): HTMLElement[] =>
    parserSections(context, deeper, below);
  const sections = [
    required.length > 0 ? requiredSection(required.map(field)) : null,
    parser.commands
      ? commandSection(context, parser, parser.commands, path, nested)
      : null,
    ...grouped(parser, fields).map((group) =>
      groupSection(group, rows(context, parser, path, group.members, drawn)),
    ),
    advanced.length > 0 ? advancedSection(advanced.map(field)) : null,
  ];
  return sections.filter((element): element is HTMLElement => element !== null);
}

interface TitledGroup {
  title: string;
  description: string;
  members: Argument[];
  folded: boolean;
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
      folded: !!group.folded,
    };
  });
  const rest = fields.filter((argument) => !placed.has(argument.id));
  return [
    ...groups,
    { title: "Options", description: "", members: rest, folded: false },
  ];
}

/** Rows of fields; an exclusive group stands where its first member does. */
function rows(
  context: FormContext,
  parser: Parser,
  path: readonly string[],
  members: Argument[],
  drawn: Set<string>,
): HTMLElement[] {
  const known = byId(parser);
  const result: HTMLElement[] = [];
  for (const argument of members) {
    if (drawn.has(argument.id)) continue;
    const group = parser.exclusive_groups?.find((each) =>
      each.arguments.includes(argument.id),
    );
    const list = (group?.arguments ?? [argument.id])
      .filter((id) => !drawn.has(id))
      .map((id) => known.get(id))
      .filter((each): each is Argument => !!each && isField(each));
    for (const each of list) drawn.add(each.id);
    if (group && list.length > 1) {
      result.push(exclusiveGroup(context, parser, path, group, list));
    } else {
      result.push(
        ...list.map((each) => fieldView(context, parser, path, each).element),
      );
    }
  }
  return result;
}

function requiredSection(elements: HTMLElement[]): HTMLElement {
  return h(
    "section",
    { class: "ops-section" },
    h("h3", { class: "ops-section-title" }, "Required"),
    ...elements,
  );
}

function groupSection(
  { title, description, folded }: TitledGroup,
  elements: HTMLElement[],
): HTMLElement | null {
  if (elements.length === 0) return null;
  return h(
    "details",
    { class: "ops-section", open: !folded },
    h("summary", { class: "ops-section-title" }, h("h3", { dir: "auto" }, title)),
    description
      ? h("p", { class: "ops-section-text ops-muted", dir: "auto" }, description)
      : null,
    ...elements,
  );
}

function advancedSection(elements: HTMLElement[]): HTMLElement {
  return h(
    "details",
    { class: "ops-section ops-advanced" },
    h(
      "summary",
      { class: "ops-section-title" },
      h("h3", {}, `Advanced (${elements.length})`),
    ),
    ...elements,
  );
}
