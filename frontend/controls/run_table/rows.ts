// What the browser knows of the table: the rows of one window, asked from Python.
import type { AnyModel } from "@anywidget/types";
import { hear } from "../shared/watch.ts";
import type { RunRow } from "./row.ts";

interface Answer {
  view: string;
  start: number;
  total: number;
  ids: string[];
  rows: RunRow[];
  query: unknown;
}

const MARGIN = 25; // rows asked for above and below those on screen
const SPARE = 8; // of them that must be here, or more are asked for ahead of need
const LATE_MS = 3000; // after which an answer is not waited for any more

/** The rows of the window on screen, kept fresh by Python. */
export class Rows {
  total: number;
  private start = 0;
  private ids: string[] = [];
  private known = new Map<string, RunRow>();
  private readonly view = crypto.randomUUID?.() ?? String(Math.random());
  private asked: { start: number; count: number; at: number } | undefined;
  private next: { first: number; count: number } | undefined;

  constructor(
    private readonly model: AnyModel,
    signal: AbortSignal,
    private readonly changed: (moved: number) => void,
  ) {
    this.total = Number(model.get("total"));
    const first = model.get("first") as Partial<Answer>;
    if (first.rows && sameQuery(first.query, this.query())) {
      this.total = first.total ?? 0;
      this.ids = first.rows.map((row) => row.run_id);
      this.known = new Map(first.rows.map((row) => [row.run_id, row]));
    }
    hear(model, "rows", signal, (message) => this.take(message as unknown as Answer));
    signal.addEventListener("abort", () =>
      model.send({ kind: "gone", view: this.view }),
    );
  }

  /** The row at a place of the table's order, if it is here. */
  at(index: number): RunRow | undefined {
    const id = this.ids[index - this.start];
    return id === undefined ? undefined : this.known.get(id);
  }

  /** The row of a run, if it is here. */
  of(id: string): RunRow | undefined {
    return this.known.get(id);
  }

  /** Where a run stands in the table's order, if it is here. */
  placeOf(id: string): number | undefined {
    const place = this.ids.indexOf(id);
    return place < 0 ? undefined : place + this.start;
  }

  /** Say which rows are on screen; those that are not here are asked for. */
  want(first: number, count: number, force = false): void {
    const last = Math.min(first + count + SPARE, this.total) - 1;
    const from = Math.max(0, first - SPARE);
    const here = this.at(from) !== undefined && this.at(last) !== undefined;
    if (!force && (here || this.total === 0)) return;
    if (this.asked && performance.now() - this.asked.at < LATE_MS && !force) {
      this.next = { first, count };
      return;
    }
    const start = Math.max(0, first - MARGIN);
    this.asked = { start, count: count + 2 * MARGIN, at: performance.now() };
    this.next = undefined;
    const window = { start, count: this.asked.count };
    this.model.send({ kind: "window", view: this.view, ...window });
  }

  private query(): unknown[] {
    return ["query_text", "sort", "descending"].map((name) => this.model.get(name));
  }

  private take(answer: Answer): void {
    if (answer.view !== this.view) return;
    for (const row of answer.rows) this.known.set(row.run_id, row);
    this.asked = undefined;
    // An answer to an older question is not shown; its rows are kept, because Python
    // sends only what it has not sent before.
    const current =
      this.model.get("filter_error") !== "" || sameQuery(answer.query, this.query());
    if (current) this.show(answer);
    this.prune(answer.ids);
    const next = this.next;
    this.next = undefined;
    if (next) this.want(next.first, next.count);
  }

  private show(answer: Answer): void {
    const anchor = this.ids[Math.floor(this.ids.length / 2)];
    const before = anchor === undefined ? undefined : this.placeOf(anchor);
    this.start = answer.start;
    this.ids = answer.ids;
    this.total = answer.total;
    const after = anchor === undefined ? undefined : this.placeOf(anchor);
    const moved = before === undefined || after === undefined ? 0 : after - before;
    this.changed(moved);
  }

  private prune(latest: string[]): void {
    const keep = new Set([...this.ids, ...latest]);
    for (const id of this.known.keys()) if (!keep.has(id)) this.known.delete(id);
  }
}

function sameQuery(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
