// What an argument means, and so which control it gets. Pure.
import type { Argument } from "./spec";

export type Shape =
  | "flag" // given or not
  | "tristate" // --x, --no-x, or neither
  | "count" // how many times
  | "single" // one value
  | "optional" // an option that may stand without its value
  | "list" // several values at once
  | "occurrences" // given several times
  | "repeatable" // an action of the module's own, that may be given several times
  | "raw"; // the rest of the command line

export type Item = "int" | "float" | "choice" | "date" | "secret" | "path" | "text";

const COUNTED = new Set(["count", "append_const"]);
const GIVEN = new Set(["store_true", "store_false", "store_const"]);
const REST = new Set(["...", "A..."]);

export function isPositional(argument: Argument): boolean {
  return (argument.option_strings ?? []).length === 0;
}

/** Help and version leave at once: they are no fields. */
export function isField(argument: Argument): boolean {
  return !["help", "version", "parsers"].includes(argument.action ?? "store");
}

export function shapeOf(argument: Argument): Shape {
  const action = argument.action ?? "store";
  const nargs = argument.nargs ?? null;
  if (GIVEN.has(action)) return "flag";
  if (COUNTED.has(action)) return "count";
  if (action === "boolean_optional") return "tristate";
  if (typeof nargs === "string" && REST.has(nargs)) return "raw";
  if (action === "append" || action === "extend") return "occurrences";
  if (action === "custom" && nargs === 0) return "flag";
  if (nargs === "?" && !isPositional(argument)) return "optional";
  if (typeof nargs === "number" || nargs === "*" || nargs === "+") return "list";
  if (action === "custom" && !isPositional(argument)) return "repeatable";
  return "single";
}

const DATE_NAME = /(^|[-_ ])(date|asof|as[-_]of|cob|expiry|maturity)s?($|[-_ ])/i;
const DATE_METAVAR = /date|yyyy|%Y/i;
/** What a module's own word for an argument means. */
const MEANT: Record<string, Item> = {
  text: "text",
  multiline: "text",
  date: "date",
  path: "path",
  file: "path",
  folder: "path",
};
const PATH_TYPES = new Set(["Path", "PosixPath", "PurePath", "FileType"]);

export function itemOf(argument: Argument): Item {
  const type = lastName(argument.type_name || argument.annotation);
  if (argument.choices && argument.choices.length > 0) return "choice";
  if (argument.secret) return "secret";
  const meant = MEANT[argument.form?.meaning ?? ""];
  if (meant) return meant;
  if (type === "int" || type === "float") return type;
  if (argument.path || PATH_TYPES.has(type)) return "path";
  if (argument.formats && argument.formats.length > 0) return "date";
  if (isDate(argument, type)) return "date";
  return isPathByName(argument, type) ? "path" : "text";
}

const PATH_NAME = /(^|[-_ ])(path|file|filename|filepath|dir|directory|folder)$/i;

/** A plain text that is called a file, a folder or a path. */
function isPathByName(argument: Argument, type: string): boolean {
  if (type !== "" && type !== "str") return false;
  return [argument.dest, ...[argument.metavar ?? ""].flat()].some((name) =>
    PATH_NAME.test(name),
  );
}

function isDate(argument: Argument, type: string): boolean {
  if (/(^|_)date(time)?($|_)|fromisoformat|strptime/i.test(type)) return true;
  if (type !== "" && type !== "str") return DATE_NAME.test(type);
  const metavar = [argument.metavar ?? ""].flat().join(" ");
  return DATE_NAME.test(displayName(argument)) || DATE_METAVAR.test(metavar);
}

function lastName(qualified: string | undefined): string {
  return (qualified ?? "").split(".").at(-1) ?? "";
}

/** Whether an empty text can be a value: no number and no day is empty. */
export function mayBeEmpty(argument: Argument): boolean {
  return ["text", "path", "secret"].includes(itemOf(argument));
}

/** Whether the value must be a day, and not some word that the module knows. */
export function isStrictDate(argument: Argument): boolean {
  return /(^|\.)(date|datetime)\.fromisoformat$/.test(argument.type_name ?? "");
}

/** Whether a value must be given (argparse marks a `*` positional, wrongly). */
export function isRequired(argument: Argument): boolean {
  if (!argument.required) return false;
  // A variable, or a file of settings, may give it where the form does not.
  if (argument.elsewhere || argument.variables?.length) return false;
  const free = ["*", "?", "...", "A..."];
  return !(isPositional(argument) && free.includes(String(argument.nargs ?? "")));
}

export function isAdvanced(argument: Argument): boolean {
  if (isRequired(argument)) return false;
  const { form, hidden, deprecated } = argument;
  return form?.advanced ?? !!(hidden || deprecated);
}

/** The name that a user knows it by: its option without dashes, but `-k` as it is. */
export function displayName(argument: Argument): string {
  if (argument.form?.label) return argument.form.label;
  const { id } = argument;
  if (!isPositional(argument)) return id.length > 2 ? id.replace(/^[^\w]+/, "") : id;
  const metavar = argument.metavar;
  return typeof metavar === "string" && metavar ? metavar : argument.dest;
}

/** The default as text, or empty where there is none worth showing. */
export function defaultText(argument: Argument): string {
  const value = argument.default;
  if (Array.isArray(value)) return value.map(String).join(" ");
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value === "boolean" && argument.nargs === 0) return value ? "on" : "off";
  if (typeof value === "boolean") return argument.default_repr ?? String(value);
  const repr = argument.default_repr ?? "None";
  const stream = /name='<(std\w+)>'/.exec(repr)?.[1];
  if (stream) return stream;
  const known = repr === "None" || repr === "[]" || repr.includes("SUPPRESS");
  return known || value !== null || repr.startsWith("<") ? "" : repr;
}

const ITEM_WORDS: Record<Item, string> = {
  int: "whole number",
  float: "number",
  choice: "",
  date: "date",
  secret: "secret, not stored",
  path: "path",
  text: "",
};

function rangeWords({ minimum, maximum, open_ends: open }: Argument): string {
  const least = minimum ?? null;
  const most = maximum ?? null;
  const isAbove = open?.includes("minimum");
  const isBelow = open?.includes("maximum");
  if (least !== null && most !== null && !isAbove && !isBelow)
    return `${least} to ${most}`;
  const from = least === null ? "" : `${isAbove ? "more than" : "at least"} ${least}`;
  const to = most === null ? "" : `${isBelow ? "less than" : "at most"} ${most}`;
  return [from, to].filter(Boolean).join(", ");
}

const PATH_WORDS: Record<string, string> = { file: "file", folder: "folder" };

/** What kind of value it takes, for the end of its help. */
export function hint(argument: Argument): string {
  const shape = shapeOf(argument);
  if (shape === "raw") return "passed on as it is, split like in a shell";
  if (["flag", "tristate", "count"].includes(shape)) return "";
  const item = itemOf(argument);
  const what = item === "path" ? PATH_WORDS[argument.path ?? ""] : undefined;
  const parts = [what ?? ITEM_WORDS[item], rangeWords(argument)];
  const isSaid = (argument.help ?? "").includes("one or more");
  if (argument.nargs === "+" && !isSaid) parts.push("one or more");
  if (argument.must_exist) parts.push("must exist");
  if (typeof argument.nargs === "number" && argument.nargs > 1) {
    parts.push(`${argument.nargs} values`);
  }
  const alone = argument.const_repr ?? "None";
  if (shape === "optional" && alone !== "None") parts.push(`alone it means ${alone}`);
  if (argument.annotation) parts.push(argument.annotation);
  if (argument.elsewhere) parts.push("else from a file of settings");
  const names = (argument.variables ?? []).map((name) => `$${name}`);
  if (names.length > 0) parts.push(`else from ${names.join(" or ")}`);
  return parts.filter(Boolean).join(", ");
}
