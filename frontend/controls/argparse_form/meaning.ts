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
  return "single";
}

const DATE_NAME = /(^|[-_ ])(date|asof|as[-_]of|cob|expiry|maturity)s?($|[-_ ])/i;
const DATE_METAVAR = /date|yyyy|%Y/i;
const PATH_TYPES = new Set(["Path", "PosixPath", "PurePath", "FileType"]);

export function itemOf(argument: Argument): Item {
  const type = lastName(argument.type_name);
  if (argument.choices && argument.choices.length > 0) return "choice";
  if (argument.secret) return "secret";
  if (type === "int" || type === "float") return type;
  if (PATH_TYPES.has(type)) return "path";
  return isDate(argument, type) ? "date" : "text";
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

/** Whether a value must be given (argparse marks a `*` positional, wrongly). */
export function isRequired(argument: Argument): boolean {
  if (!argument.required) return false;
  const free = ["*", "?", "...", "A..."];
  return !(isPositional(argument) && free.includes(String(argument.nargs ?? "")));
}

export function isAdvanced(argument: Argument): boolean {
  return !!(argument.hidden || argument.deprecated) && !isRequired(argument);
}

/** The name that a user knows it by: the longest option without its dashes. */
export function displayName(argument: Argument): string {
  if (!isPositional(argument)) return argument.id.replace(/^[^\w]+/, "");
  const metavar = argument.metavar;
  return typeof metavar === "string" && metavar ? metavar : argument.dest;
}

/** The default as text, or empty where there is none worth showing. */
export function defaultText(argument: Argument): string {
  const value = argument.default;
  if (Array.isArray(value)) return value.map(String).join(" ");
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  const repr = argument.default_repr ?? "None";
  const known = repr === "None" || repr === "[]" || repr.includes("SUPPRESS");
  return known || value !== null ? "" : repr;
}

const ITEM_WORDS: Record<Item, string> = {
  int: "whole number",
  float: "number",
  choice: "",
  date: "date",
  secret: "secret, not stored",
  path: "path, from the working folder",
  text: "",
};

function rangeWords({ minimum, maximum }: Argument): string {
  const least = minimum ?? null;
  const most = maximum ?? null;
  if (least !== null && most !== null) return `${least} to ${most}`;
  if (least !== null) return `at least ${least}`;
  return most !== null ? `at most ${most}` : "";
}

/** What kind of value it takes, for the end of its help. */
export function hint(argument: Argument): string {
  const shape = shapeOf(argument);
  if (shape === "raw") return "passed on as it is, split like in a shell";
  if (["flag", "tristate", "count"].includes(shape)) return "";
  const parts = [ITEM_WORDS[itemOf(argument)], rangeWords(argument)];
  if (argument.nargs === "+") parts.push("one or more");
  if (typeof argument.nargs === "number" && argument.nargs > 1) {
    parts.push(`${argument.nargs} values`);
  }
  return parts.filter(Boolean).join(", ");
}
