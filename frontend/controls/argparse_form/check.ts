// What is wrong with a value, as one sentence; empty where nothing is. Pure. The real
// parser has the last word before a launch: these checks never call it.
import {
  type Argument,
  type ExclusiveGroup,
  type Parser,
  type Values,
  chosen,
} from "./spec";
import { looksLikeDate, spelledOut } from "./dates";
import {
  type Item,
  displayName,
  isField,
  isRequired,
  itemOf,
  shapeOf,
} from "./meaning";
import { splitShell } from "./shell";

const INT = /^\s*[+-]?\d+(_\d+)*\s*$/;
const FLOAT =
  /^\s*[+-]?((\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+)?|inf(inity)?|nan)\s*$/i;

/** One value of an argument. */
export function checkItem(argument: Argument, text: string): string {
  const item = itemOf(argument);
  if (item === "int" && !INT.test(text))
    return `${quoted(text)} is not a whole number.`;
  if (item === "float" && !FLOAT.test(text)) return `${quoted(text)} is not a number.`;
  if (item === "choice" && !argument.choices?.some((choice) => choice.value === text)) {
    return `${quoted(text)} is not one of the choices.`;
  }
  const typed = (argument.type_name ?? "") !== "" && argument.type_name !== "str";
  if (isNoDay(item, text)) return `There is no day ${text.trim()}.`;
  if (item === "date" && typed && !looksLikeDate(text)) {
    return `${quoted(text)} is not a date like 2025-03-31, nor today, t-1, month_end.`;
  }
  return "";
}

/** Whatever the module makes of a date: the thirteenth month is none. */
export function isNoDay(item: Item, text: string): boolean {
  return item === "date" && DAY.test(text.trim()) && spelledOut(text) === "";
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function quoted(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 39)}\u2026` : text;
  return `\u201c${short}\u201d`;
}

/** A whole value: what `FormValues` holds for the argument. */
export function checkValue(argument: Argument, value: unknown): string {
  if (value === undefined) {
    return isRequired(argument) ? `${displayName(argument)} is required.` : "";
  }
  const shape = shapeOf(argument);
  if (shape === "raw") return "";
  if (typeof value === "string") return checkItem(argument, value);
  if (shape === "list" && Array.isArray(value)) return checkList(argument, value);
  if (shape === "occurrences" && Array.isArray(value)) {
    return value.map((one) => checkOccurrence(argument, one)).find(Boolean) ?? "";
  }
  return "";
}

function checkOccurrence(argument: Argument, one: unknown): string {
  if (Array.isArray(one)) return checkList(argument, one);
  return checkItem(argument, String(one));
}

function checkList(argument: Argument, values: unknown[]): string {
  const wanted = argument.nargs;
  if (typeof wanted === "number" && values.some((value) => value === "")) {
    return `${displayName(argument)} takes exactly ${wanted} values.`;
  }
  return values.map((value) => checkItem(argument, String(value))).find(Boolean) ?? "";
}

/** Everything that keeps a form from being launched: field key -> sentence. */
export function problems(
  parser: Parser,
  values: Values,
  path: readonly string[] = [],
): Record<string, string> {
  const found: Record<string, string> = {};
  const given = values.values ?? {};
  for (const argument of (parser.arguments ?? []).filter(isField)) {
    const problem = checkValue(argument, given[argument.id]);
    if (problem) found[keyOf(path, argument.id)] = problem;
  }
  for (const group of parser.exclusive_groups ?? []) {
    const first = group.arguments[0];
    const none = group.arguments.every((id) => given[id] === undefined);
    if (group.required && none && first !== undefined) {
      found[keyOf(path, first)] = `One of ${names(parser, group)} is required.`;
    }
  }
  const command = chosen(parser, values);
  if (command && values.command) {
    Object.assign(
      found,
      problems(command.parser, values.command, [...path, command.name]),
    );
  } else if (parser.commands?.required) {
    found[keyOf(path, "")] = "Choose a command.";
  }
  return found;
}

function names(parser: Parser, group: ExclusiveGroup): string {
  const all = parser.arguments ?? [];
  return group.arguments
    .map((id) => all.find((argument) => argument.id === id))
    .map((argument, at) => (argument ? displayName(argument) : group.arguments[at]))
    .join(", ");
}

/** A field's key in the whole form: the commands before it, then its id. */
export function keyOf(path: readonly string[], id: string): string {
  return [...path, id].join(" ");
}

/** Free arguments: whether a shell could split them. */
export function checkShell(text: string): string {
  return splitShell(text) === null ? "A quote is not closed." : "";
}
