// Which dates belong together, and whether they stand the wrong way round. Pure.
import { looksLikeDate } from "./dates";
import type { Parser } from "./spec";

const PAIRS: readonly [string, string][] = [
  ["start", "end"],
  ["begin", "end"],
  ["first", "last"],
  ["from", "to"],
  ["from", "until"],
  ["since", "until"],
];

/** The argument that begins what another one ends: `--start-date` for `--end-date`. */
export function startOf(end: string, ids: ReadonlySet<string>): string | undefined {
  const words = end.split(/([-_]+)/);
  for (const [first, last] of PAIRS) {
    if (!words.includes(last)) continue;
    const id = words.map((word) => (word === last ? first : word)).join("");
    if (ids.has(id)) return id;
  }
  return undefined;
}

/** Which arguments of a parser begin and end a range. */
export interface Ranges {
  /** End -> its start. */
  starts: ReadonlyMap<string, string>;
  /** Start -> its ends. */
  ends: ReadonlyMap<string, readonly string[]>;
}

const known = new WeakMap<Parser, Ranges>();

export function rangesOf(parser: Parser): Ranges {
  const found = known.get(parser);
  if (found) return found;
  const ids = new Set((parser.arguments ?? []).map((one) => one.id));
  const starts = new Map<string, string>();
  const ends = new Map<string, string[]>();
  for (const id of ids) {
    const start = startOf(id, ids);
    if (start === undefined) continue;
    starts.set(id, start);
    ends.set(start, [...(ends.get(start) ?? []), id]);
  }
  const ranges = { starts, ends };
  known.set(parser, ranges);
  return ranges;
}

/** Whether both are days, and the end comes before its start. */
export function wrongWayRound(start: unknown, end: unknown): boolean {
  if (typeof start !== "string" || typeof end !== "string") return false;
  if (!looksLikeDate(start) || !looksLikeDate(end)) return false;
  return digits(end) < digits(start);
}

function digits(day: string): string {
  return day.replace(/\D/g, "").slice(0, 8);
}
