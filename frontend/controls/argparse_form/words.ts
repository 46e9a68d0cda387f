// A value as words: for the menu's list of recent values, and as an option of a command
// line. Pure.
import { isBare } from "./bare";
import { joinShell } from "./shell";
import type { Argument } from "./spec";

const LONGEST = 48;

/** A value on one short line. */
export function valueText(value: unknown): string {
  const text = spelled(value).replace(/\n/g, "\u21b5");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}\u2026` : text;
}

function spelled(value: unknown): string {
  if (isBare(value)) return "alone";
  if (value === "") return '""';
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number") return `${value} \u00d7`;
  if (!Array.isArray(value)) return String(value);
  const isNested = value.some((one) => Array.isArray(one));
  if (!isNested) return joinShell(value.map(String));
  return value.map((one) => joinShell([one].flat().map(String))).join(" | ");
}

/** The value as it may stand on a command line, quoted for a shell. */
export function asOption(argument: Argument, value: unknown): string {
  const names = argument.option_strings ?? [];
  const name = names.find((one) => one.startsWith("--")) ?? names[0];
  if (name === undefined) return joinShell([value ?? ""].flat(2).map(String));
  if (value === undefined) return name;
  if (value === true || isBare(value)) return name;
  if (value === false) return offName(argument, name);
  if (typeof value === "number") return Array(value).fill(name).join(" ");
  if (typeof value === "string") return joinShell(withValue(name, value));
  if (!Array.isArray(value)) return name;
  const isRepeated = ["append", "extend", "custom"].includes(argument.action ?? "");
  const uses = isRepeated ? value : [value];
  return uses
    .map((one) =>
      typeof one === "string"
        ? joinShell(withValue(name, one))
        : joinShell([name, ...(isBare(one) ? [] : [one].flat().map(String))]),
    )
    .join(" ");
}

/** `--name=value`; a short option has its value behind it. */
function withValue(name: string, value: string): string[] {
  return name.startsWith("--") ? [`${name}=${value}`] : [name, value];
}

function offName(argument: Argument, name: string): string {
  return argument.off_strings?.[0] ?? name.replace(/^--/, "--no-");
}
