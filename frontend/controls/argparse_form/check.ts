// What is wrong with a value, as one sentence; empty where nothing is. Pure. The real
// parser has the last word before a launch: these checks never call it.
import {
  type Argument,
  type ExclusiveGroup,
  type Parser,
  type Values,
  chosen,
  keyOf,
  valueAt,
} from "./spec";
import { looksLikeDate, readDate } from "./dates";
import {
  type Item,
  displayName,
  isField,
  isRequired,
  isStrictDate,
  itemOf,
  shapeOf,
} from "./meaning";
import { splitShell } from "./shell";

const INT = /^\s*[+-]?\p{Nd}+(_\p{Nd}+)*\s*$/u;
const FLOAT =
  /^\s*[+-]?((\p{Nd}+(_\p{Nd}+)*\.?(\p{Nd}+(_\p{Nd}+)*)?|\.\p{Nd}+(_\p{Nd}+)*)(e[+-]?\p{Nd}+(_\p{Nd}+)*)?|inf(inity)?|nan)\s*$/iu;

/** One value of an argument. */
export function checkItem(argument: Argument, text: string): string {
  const item = itemOf(argument);
  if (item === "int" && !INT.test(text))
    return `${quoted(text)} is not a whole number.`;
  if (item === "float" && !FLOAT.test(text)) return `${quoted(text)} is not a number.`;
  if (item === "choice" && !isChoice(argument, text)) {
    return `${quoted(text)} is not one of the choices.`;
  }
  if (isNoDay(item, text)) return `There is no day \`${text.trim()}\`.`;
  if (item === "date" && isStrictDate(argument) && !looksLikeDate(text)) {
    return `${quoted(text)} is not a date like 2025-03-31, nor today, t-1, month_end.`;
  }
  return checkRange(argument, text);
}

/** Numbers are compared as numbers: `01` is the choice 1. */
function isChoice(argument: Argument, text: string): boolean {
  const choices = argument.choices ?? [];
  if (choices.some((choice) => choice.value === text)) return true;
  const isNumber = argument.type_name === "int" || argument.type_name === "float";
  if (!isNumber || !FLOAT.test(text)) return false;
  return choices.some((choice) => asNumber(choice.value) === asNumber(text));
}

function checkRange(argument: Argument, text: string): string {
  if (!FLOAT.test(text)) return "";
  const { minimum, maximum, open_ends: open } = argument;
  const number = asNumber(text);
  if (open?.includes("minimum") && number === minimum) {
    return `${quoted(text)} is not more than ${minimum}.`;
  }
  if (open?.includes("maximum") && number === maximum) {
    return `${quoted(text)} is not less than ${maximum}.`;
  }
  if (typeof minimum === "number" && number < minimum) {
    return `${quoted(text)} is less than the least allowed, ${minimum}.`;
  }
  if (typeof maximum === "number" && number > maximum) {
    return `${quoted(text)} is more than the most allowed, ${maximum}.`;
  }
  return "";
}

function asNumber(text: string): number {
  const plain = text.trim().replace(/_/g, "").toLowerCase();
  const found = /^([+-]?)inf(inity)?$/.exec(plain);
  return found ? Number(`${found[1]}Infinity`) : Number(plain);
}

/** Whatever the module makes of a date: the thirteenth month is none. */
export function isNoDay(item: Item, text: string): boolean {
  return item === "date" && DAY.test(text.trim()) && readDate(text) === null;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

function quoted(text: string): string {
  const line = text.replace(/`/g, "'");
  return `\`${line.length > 40 ? `${line.slice(0, 39)}\u2026` : line}\``;
}

/** A whole value: what `FormValues` holds for the argument. */
export function checkValue(argument: Argument, value: unknown): string {
  if (value === undefined) {
    return isRequired(argument) ? `${displayName(argument)} is required.` : "";
  }
  const shape = shapeOf(argument);
  if (shape === "raw") return "";
  if (typeof value === "string") return checkItem(argument, value);
  if (!Array.isArray(value)) return "";
  if (shape === "list") return checkList(argument, value);
  return value.map((one) => checkOccurrence(argument, one)).find(Boolean) ?? "";
}

function checkOccurrence(argument: Argument, one: unknown): string {
  if (Array.isArray(one)) return checkList(argument, one);
  return typeof one === "string" ? checkItem(argument, one) : "";
}

function checkList(argument: Argument, values: unknown[]): string {
  const wanted = argument.nargs;
  if (typeof wanted === "number" && values.some((value) => typeof value !== "string")) {
    return `${displayName(argument)} takes exactly ${wanted} values.`;
  }
  if (wanted === "+" && values.length === 0) return "Give at least one value.";
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
  for (const argument of parser.arguments ?? []) {
    if (!isField(argument)) continue;
    const problem = checkValue(argument, valueAt(given, argument.id));
    if (problem) found[keyOf(path, argument.id)] = problem;
  }
  for (const group of parser.exclusive_groups ?? []) {
    const problem = checkGroup(parser, group, given);
    if (problem) found[keyOf(path, group.arguments[0] ?? "")] = problem;
  }
  const command = chosen(parser, values);
  if (command && values.command) {
    const deeper = problems(command.parser, values.command, [...path, command.name]);
    Object.assign(found, deeper);
  } else if (parser.commands?.required) {
    found[keyOf(path, "command")] = "Choose a command.";
  }
  return found;
}

/** Whether a required exclusive group has none of its members. */
export function checkGroup(
  parser: Parser,
  group: ExclusiveGroup,
  given: Record<string, unknown>,
): string {
  const none = group.arguments.every((id) => valueAt(given, id) === undefined);
  if (!group.required || !none || group.arguments.length === 0) return "";
  return `One of ${names(parser, group)} is required.`;
}

function names(parser: Parser, group: ExclusiveGroup): string {
  const all = parser.arguments ?? [];
  return group.arguments
    .map((id) => all.find((argument) => argument.id === id))
    .map((argument, at) => (argument ? displayName(argument) : group.arguments[at]))
    .join(", ");
}

/** Free arguments: whether a shell could split them. */
export function checkShell(text: string): string {
  return splitShell(text) === null ? "A quote is not closed." : "";
}
