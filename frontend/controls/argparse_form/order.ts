// Which dates belong together, and whether they stand the wrong way round. Pure.
import { looksLikeDate } from "./dates";

const PAIRS: readonly [string, string][] = [
  ["start", "end"],
  ["begin", "end"],
  ["first", "last"],
  ["from", "to"],
  ["from", "until"],
  ["since", "until"],
];

/** The argument that begins what another one ends: `--start-date` for `--end-date`. */
export function startOf(end: string, ids: readonly string[]): string | undefined {
  const words = end.split(/([-_]+)/);
  for (const [first, last] of PAIRS) {
    const id = words.map((word) => (word === last ? first : word)).join("");
    if (id !== end && ids.includes(id)) return id;
  }
  return undefined;
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
