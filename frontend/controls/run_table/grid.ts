// The virtual table: as many row elements as fit on screen, moved as one scrolls.
import { h } from "../shared/dom.ts";
import { CARDS_BELOW_PX, visible, type Column } from "./columns.ts";
import { Head } from "./head.ts";
import { Line } from "./line.ts";
import type { RunRow } from "./row.ts";

export const ROW_PX = 32;
const CARD_PX = 84;
const HEAD_PX = 32;
const OVERSCAN = 6;
const TALLEST_PX = 12_000_000; // browsers cap an element's height at about 15 M px

export interface Look {
  columns: string[];
  sort: string;
  descending: boolean;
  selected: ReadonlySet<string>;
  opened: string;
  cursor: number;
  total: number;
}

export interface GridEvents {
  row: (index: number) => RunRow | undefined;
  look: () => Look;
  sortBy: (column: Column) => void;
  tick: (index: number, range: boolean) => void;
  tickAll: () => void;
  open: (index: number) => void;
  moved: (first: number, count: number) => void;
}

/** The scrolling part of the table, with its header. */
export class Grid {
  readonly element: HTMLElement;
  cards = false;
  private readonly head: Head;
  private readonly space = h("div", { class: "ops-rt-space", role: "rowgroup" });
  private readonly name = `ops-rt-${Math.random().toString(36).slice(2)}`;
  private lines = new Map<number, Line>();
  private shown: Column[] = [];
  private frame = 0;
  private tallest = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly events: GridEvents,
    label: string,
  ) {
    this.head = new Head(events.sortBy, events.tickAll);
    const grid = { role: "grid", tabindex: 0, "aria-multiselectable": "true" };
    this.element = h("div", { class: "ops-rt-scroll", ...grid, "aria-label": label });
    this.element.append(this.head.element, this.space);
    this.element.addEventListener("scroll", () => this.later(), { passive: true });
  }

  /** Fit to a width; below 600 px rows become cards. */
  resize(width: number): void {
    if (width === 0) return; // not in the page yet, or on a page that is not shown
    const cards = width < CARDS_BELOW_PX;
    const columns = visible(this.events.look().columns, width);
    const same = columns.map((c) => c.id).join() === this.shown.map((c) => c.id).join();
    if (cards !== this.cards || !same) {
      const top = this.first;
      this.tallest = 0;
      this.cards = cards;
      this.shown = columns;
      this.root.dataset["layout"] = cards ? "cards" : "columns";
      const widths = columns.map((column) => column.width).join(" ");
      this.root.style.setProperty("--ops-rt-columns", `32px ${widths}`);
      this.clear();
      this.head.set(columns);
      this.draw();
      this.scrollTo(top);
    }
    this.draw();
  }

  /** Draw again in the next frame. */
  later(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** Forget the rows that are drawn, so that the next draw makes them anew. */
  clear(): void {
    for (const line of this.lines.values()) line.element.remove();
    this.lines.clear();
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  /** Place of the first row on screen. */
  get first(): number {
    return Math.floor(this.top / this.rowPx);
  }

  /** How many rows fit on screen, cut ones included. */
  get count(): number {
    return Math.ceil(this.viewPx / this.rowPx) + 1;
  }

  /** Move by rows, so that what is read stays in place when rows come above it. */
  shift(rows: number): void {
    if (this.element.scrollTop > 0 && rows !== 0) {
      this.element.scrollTop += rows * this.rowPx;
    }
  }

  scrollTo(index: number): void {
    const { real, tall } = this.heights();
    const most = Math.max(1, real - this.viewPx);
    const scale = Math.max(0, tall - this.viewPx) / most;
    this.element.scrollTop = index * this.rowPx * (tall < real ? scale : 1);
    this.later();
  }

  /** Bring a row into sight. */
  reveal(index: number): void {
    const top = index * this.rowPx;
    if (top < this.top) this.scrollTo(index);
    else if (top + this.rowPx > this.top + this.viewPx) {
      this.scrollTo(index + 1 - Math.floor(this.viewPx / this.rowPx));
    }
    this.later();
  }

  /** Draw the times again, without touching anything else. */
  tick(): void {
    for (const [index, line] of this.lines) {
      const row = this.events.row(index);
      if (row) line.tick(row);
    }
  }

  draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const look = this.events.look();
    const { tall } = this.heights();
    this.space.style.height = `${tall}px`;
    // The table may grow to what it needs, and does not shrink again while it is used.
    const head = this.cards ? 0 : HEAD_PX;
    this.tallest = Math.max(this.tallest, Math.min(tall, TALLEST_PX) + head);
    this.element.style.height = `${this.tallest}px`;
    const from = Math.max(0, this.first - OVERSCAN);
    const to = Math.min(look.total, this.first + this.count + OVERSCAN);
    for (const [index, line] of this.lines) {
      if (index < from || index >= to) {
        line.element.remove();
        this.lines.delete(index);
      }
    }
    for (let index = from; index < to; index += 1) this.drawLine(index, look);
    this.drawState(look);
    this.events.moved(this.first, this.count);
  }

  private get rowPx(): number {
    return this.cards ? CARD_PX : ROW_PX;
  }

  private get viewPx(): number {
    return Math.max(0, this.element.clientHeight - (this.cards ? 0 : HEAD_PX));
  }

  /** The rows' height, and that of the element that stands for them. */
  private heights(): { real: number; tall: number } {
    const real = this.events.look().total * this.rowPx;
    return { real, tall: Math.min(real, TALLEST_PX) };
  }

  /** Pixels of rows above the screen. */
  private get top(): number {
    const { real, tall } = this.heights();
    if (real <= tall) return this.element.scrollTop;
    const part = this.element.scrollTop / Math.max(1, tall - this.viewPx);
    return Math.min(1, part) * (real - this.viewPx);
  }

  private drawLine(index: number, look: Look): void {
    let line = this.lines.get(index);
    if (!line) {
      line = new Line(`${this.name}-${index}`, index, this.shown, {
        tick: (range) => this.events.tick(index, range),
        open: () => this.events.open(index),
      });
      this.lines.set(index, line);
      this.space.append(line.element);
    }
    const row = this.events.row(index);
    const top = index * this.rowPx - this.top + this.element.scrollTop;
    line.draw(row, top, {
      selected: row !== undefined && look.selected.has(row.run_id),
      opened: row?.run_id === look.opened,
      cursor: index === look.cursor,
    });
  }

  /** What hangs on the whole: order, counts, the row that the keys act on. */
  private drawState(look: Look): void {
    this.head.draw({ ...look, selected: look.selected.size });
    this.element.setAttribute("aria-rowcount", String(look.total + 1));
    const active = this.lines.get(look.cursor)?.id;
    if (active) this.element.setAttribute("aria-activedescendant", active);
    else this.element.removeAttribute("aria-activedescendant");
  }
}
