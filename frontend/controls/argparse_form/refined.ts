// What a module says of its own form (`opsdash_form`), laid over what its parser says.
// Only what is shown changes: ids, dests and numbers of values are the parser's. Pure.
import type { Argument, Choice, Group, ModuleSpec, Parser } from "./spec";

/** What a module says of one field. */
export interface FieldForm {
  label?: string;
  help?: string;
  placeholder?: string;
  meaning?: string;
  choices?: Choice[] | null;
  strict?: boolean;
  minimum?: number | null;
  maximum?: number | null;
  must_exist?: boolean | null;
  advanced?: boolean | null;
  hidden?: boolean;
  warning?: string;
}

/** A group as the module wants it. */
export interface FormGroup extends Group {
  folded?: boolean;
}

/** How a module wants one parser's fields arranged. */
export interface ParserForm {
  groups?: FormGroup[];
  order?: string[];
}

/** The spec as the form shows it. */
export function refinedSpec(spec: ModuleSpec): ModuleSpec {
  return spec.parser ? { ...spec, parser: refinedParser(spec.parser) } : spec;
}

function refinedParser(parser: Parser): Parser {
  const commands = parser.commands && {
    ...parser.commands,
    commands: parser.commands.commands.map((command) => ({
      ...command,
      parser: refinedParser(command.parser),
    })),
  };
  const order = parser.form?.order ?? [];
  const all = inOrder((parser.arguments ?? []).map(refined), order, (one) => one.id);
  const groups = parser.groups?.map((group) => ({
    ...group,
    arguments: inOrder(group.arguments ?? [], order, (id) => id),
  }));
  const rest = groups ? { groups: [...(parser.form?.groups ?? []), ...groups] } : {};
  return {
    ...parser,
    arguments: all,
    ...rest,
    ...(commands ? { commands } : {}),
  };
}

/** One argument as the form shows it. */
export function refined(argument: Argument): Argument {
  const form = argument.form;
  if (!form) return argument;
  const own = argument.choices && argument.choices.length > 0;
  const isBound = form.choices && (own || form.strict);
  return {
    ...argument,
    help: form.help || (argument.help ?? null),
    minimum: higher(argument.minimum, form.minimum),
    maximum: lower(argument.maximum, form.maximum),
    must_exist: form.must_exist ?? argument.must_exist ?? false,
    choices: isBound ? (form.choices ?? null) : (argument.choices ?? null),
    ...(form.choices && !isBound ? { suggestions: form.choices } : {}),
  };
}

function higher(one?: number | null, other?: number | null): number | null {
  if (one === null || one === undefined) return other ?? null;
  return other === null || other === undefined ? one : Math.max(one, other);
}

function lower(one?: number | null, other?: number | null): number | null {
  if (one === null || one === undefined) return other ?? null;
  return other === null || other === undefined ? one : Math.min(one, other);
}

/** What is named first comes first; the rest keeps its order. */
function inOrder<T>(
  items: T[],
  order: readonly string[],
  idOf: (item: T) => string,
): T[] {
  if (order.length === 0) return items;
  const place = (item: T): number => {
    const at = order.indexOf(idOf(item));
    return at < 0 ? order.length : at;
  };
  return items
    .map((item, at) => ({ item, at }))
    .sort((a, b) => place(a.item) - place(b.item) || a.at - b.at)
    .map(({ item }) => item);
}
