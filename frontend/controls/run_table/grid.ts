// The virtual table: as many row elements as fit on screen, moved as one scrolls.
import { h, icon } from "../shared/dom.ts";
import { CARDS_BELOW_PX, visible, type Column } from "./columns.ts";
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

interface Line {
  element: HTMLElement;
  box: HTMLInputElement;
  cells: Map<string, HTMLElement>;
}

/** The scrolling part of the table, with its header. */
export class Grid {
  readonly element: HTMLElement;
  cards = false;
  private readonly head = h("div", { class: "ops-rt-head", role: "row" });
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
    this.element = h(
      "div",
      { class: "ops-rt-scroll", role: "grid", tabindex: 0, "aria-label": label },
      this.head,
      this.space,
    );
    this.element.addEventListener("scroll", () => this.later(), { passive: true });
  }

  /** Fit to a width; below 600 px rows become cards. */
  resize(width: number): void {
    const cards = width < CARDS_BELOW_PX;
    const columns = visible(this.events.look().columns, width);
    const same = columns.map((c) => c.id).join() === this.shown.map((c) => c.id).join();
    if (cards !== this.cards || !same) {
      const top = this.first;
      this.cards = cards;
      this.shown = columns;
      this.root.dataset["layout"] = cards ? "cards" : "columns";
      const widths = columns.map((column) => column.width).join(" ");
      this.root.style.setProperty("--ops-rt-columns", `32px ${widths}`);
      this.clear();
      this.drawHead();
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
      if (!row) continue;
      for (const column of this.shown) {
        const cell = line.cells.get(column.id);
        if (column.ticks && cell) column.fill(cell, row);
      }
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
    this.tallest = Math.max(this.tallest, Math.min(tall, TALLEST_PX) + head + 2);
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
      line = this.makeLine(index);
      this.lines.set(index, line);
      this.space.append(line.element);
    }
    const place = index * this.rowPx - this.top + this.element.scrollTop;
    line.element.style.transform = `translateY(${place}px)`;
    const row = this.events.row(index);
    const selected = row !== undefined && look.selected.has(row.run_id);
    line.element.toggleAttribute("data-empty", row === undefined);
    line.element.toggleAttribute("data-cursor", index === look.cursor);
    line.element.toggleAttribute("data-opened", row?.run_id === look.opened);
    line.element.setAttribute("aria-selected", String(selected));
    line.box.checked = selected;
    line.box.setAttribute("aria-label", row ? `Select ${row.module} ${row.short}` : "");
    if (!row) return;
    for (const column of this.shown) {
      const cell = line.cells.get(column.id);
      if (cell) column.fill(cell, row);
    }
  }

  private makeLine(index: number): Line {
    const box = h("input", { type: "checkbox", tabindex: -1 });
    const tick = h("span", { class: "ops-rt-cell ops-rt-tick", role: "gridcell" }, box);
    tick.style.setProperty("--ops-rt-area", "tick");
    tick.addEventListener("click", (event) => {
      event.stopPropagation();
      event.preventDefault();
      // The browser puts the box back after a prevented click, hence the next frame.
      setTimeout(() => this.events.tick(index, event.shiftKey));
    });
    tick.addEventListener("mousedown", (event) => {
      if (event.shiftKey) event.preventDefault(); // or the text in between is selected
    });
    const cells = new Map<string, HTMLElement>();
    for (const column of this.shown) {
      const name = `ops-rt-cell ops-rt-${column.id}`;
      const cell = h("span", { class: name, role: "gridcell" });
      cell.style.setProperty("--ops-rt-area", column.id); // its place on a card
      cells.set(column.id, cell);
    }
    const element = h(
      "div",
      {
        class: "ops-rt-row",
        role: "row",
        id: `${this.name}-${index}`,
        "aria-rowindex": index + 2,
      },
      tick,
      ...cells.values(),
    );
    element.addEventListener("click", () => {
      if (getSelection()?.isCollapsed ?? true) this.events.open(index);
    });
    return { element, box, cells };
  }

  private drawHead(): void {
    const all = h("input", { type: "checkbox", "aria-label": "Select all runs" });
    all.addEventListener("click", (event) => {
      event.preventDefault();
      setTimeout(() => this.events.tickAll());
    });
    const first = h("span", { class: "ops-rt-cell ops-rt-tick", role: "columnheader" });
    first.append(all);
    this.head.replaceChildren(
      first,
      ...this.shown.map((column) => this.makeHeading(column)),
    );
  }

  private makeHeading(column: Column): HTMLElement {
    const name = `ops-rt-cell ops-rt-${column.id}`;
    const cell = h("span", { class: name, role: "columnheader" });
    cell.dataset["column"] = column.id;
    if (!column.sort) {
      cell.append(column.label);
      return cell;
    }
    const button = h("button", { type: "button", class: "ops-rt-sort" }, column.label);
    button.addEventListener("click", () => this.events.sortBy(column));
    cell.append(button);
    return cell;
  }

  /** What hangs on the whole: order, counts, the row that the keys act on. */
  private drawState(look: Look): void {
    const box = this.head.querySelector("input");
    if (box) {
      box.checked = look.total > 0 && look.selected.size >= look.total;
      box.indeterminate = !box.checked && look.selected.size > 0;
    }
    for (const column of this.shown) {
      const cell = this.head.querySelector(`[data-column="${column.id}"]`);
      const button = cell?.querySelector("button");
      if (!cell || !button) continue;
      const sorted = column.sort === look.sort;
      const way = look.descending ? "descending" : "ascending";
      const order = sorted ? way : "none";
      if (cell.getAttribute("aria-sort") === order) continue;
      cell.setAttribute("aria-sort", order);
      const arrow = icon(look.descending ? "down" : "up", 10);
      button.replaceChildren(column.label, ...(sorted ? [arrow] : []));
    }
    this.element.setAttribute("aria-rowcount", String(look.total + 1));
    this.element.setAttribute("aria-multiselectable", "true");
    const active = this.lines.get(look.cursor)?.element.id;
    if (active) this.element.setAttribute("aria-activedescendant", active);
    else this.element.removeAttribute("aria-activedescendant");
  }
}
