// Which rows are shown, and in which order. Pure.
import { hasFailed, took, type Row } from "./traits.ts";

export interface Order {
  /** `place`, `status`, `took`, `why`, or the number of a swept field. */
  by: string | number;
  descending: boolean;
  /** Only rows of this word; empty: all; `bad`: all that ended, and not well. */
  only: string;
}

/** The rows that are shown, in their order; equal ones stay in that of the sweep. */
export function arranged(rows: readonly Row[], order: Order): Row[] {
  const shown = rows.filter((row) => isShown(row, order.only));
  if (order.by !== "place") {
    const keys = new Map(shown.map((row) => [row, keyOf(row, order.by)]));
    const way = order.descending ? -1 : 1;
    shown.sort((one, other) => {
      const found = compare(keys.get(one) ?? null, keys.get(other) ?? null);
      return found ? way * found : one.place - other.place;
    });
  } else if (order.descending) shown.reverse();
  return shown;
}

export const BAD = "bad";

export function isShown(row: Row, only: string): boolean {
  if (only === "") return true;
  return only === BAD ? hasFailed(row.word) : row.word === only;
}

type Key = string | number | null;

/** What goes on first, then how badly it ended: as in the table of all runs. */
export const WORDS: readonly string[] = [
  "starting",
  "running",
  "paused",
  "stopping",
  "orphaned",
  "failed",
  "start_failed",
  "killed",
  "limit",
  "lost",
  "ended_unknown",
  "stopped",
  "succeeded",
  "queued",
];

function keyOf(row: Row, by: string | number): Key {
  if (by === "status") return WORDS.indexOf(row.word);
  if (by === "took") return took(row);
  if (by === "why") return row.why || null;
  return row.point[Number(by)] ?? null;
}

/** Numbers as numbers, texts as texts; what there is none of comes last. */
function compare(one: Key, other: Key): number {
  if (one === null || other === null)
    return Number(one === null) - Number(other === null);
  const numbers = [Number(one), Number(other)] as const;
  const text = one === "" || other === "" || numbers.some(Number.isNaN);
  if (!text) return numbers[0] - numbers[1];
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}
