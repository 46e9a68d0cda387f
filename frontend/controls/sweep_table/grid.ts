// The rows: as many elements as fit on screen, columns that sort, cards where narrow.
import { h, icon, statusBadge } from "../shared/dom.ts";
import { duration } from "../shared/time.ts";
import type { Order } from "./order.ts";
import { took, type Row } from "./traits.ts";

const ROW_PX = 32;
const CARD_PX = 64;
const OVERSCAN = 8;
const CARDS_BELOW_PX = 600;

export interface GridEvents {
  sort: (by: string | number) => void;
  open: (row: Row) => void;
}

/** The scrolling part, with its header. */
export class Grid {
  readonly element: HTMLElement;
  private readonly head = h("div", { class: "ops-sweep-columns", role: "row" });
  private readonly space = h("div", { class: "ops-sweep-space", role: "rowgroup" });
  private readonly name = `ops-sweep-${Math.random().toString(36).slice(2)}`;
  private rows: readonly Row[] = [];
  private fields: readonly string[] = [];
  private opened = "";
  private cursor = 0;
  private frame = 0;
  private cards = false;
  private readonly lines = new Map<number, Line>();

  constructor(private readonly events: GridEvents) {
    this.element = h(
      "div",
      {
        class: "ops-sweep-scroll",
        role: "grid",
        tabindex: 0,
        "aria-label": "Combinations",
      },
      this.head,
      this.space,
    );
    this.element.addEventListener("scroll", () => this.later(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  /** Show rows in their order. */
  show(rows: readonly Row[], fields: readonly string[], order: Order): void {
    if (fields.join("\n") !== this.fields.join("\n")) this.clear();
    this.rows = rows;
    this.fields = fields;
    this.cursor = Math.max(0, Math.min(this.cursor, rows.length - 1));
    this.element.style.setProperty("--ops-sweep-fields", String(fields.length));
    this.drawHead(order);
    this.draw();
  }

  mark(run: string): void {
    this.opened = run;
    this.draw();
  }

  /** Fit to a width. */
  resize(width: number): void {
    if (width === 0) return;
    const cards = width < CARDS_BELOW_PX;
    if (cards !== this.cards) {
      this.cards = cards;
      this.element.dataset["layout"] = cards ? "cards" : "columns";
      this.clear();
    }
    this.draw();
  }

  /** Draw the times of what goes on again. */
  tick(): void {
    for (const [place, line] of this.lines) {
      const row = this.rows[place];
      if (row && row.duration === null) line.tick(row);
    }
  }

  stop(): void {
    cancelAnimationFrame(this.frame);
  }

  private clear(): void {
    for (const line of this.lines.values()) line.element.remove();
    this.lines.clear();
  }

  private later(): void {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const tall = this.cards ? CARD_PX : ROW_PX;
    this.space.style.height = `${this.rows.length * tall}px`;
    const first = Math.floor(this.element.scrollTop / tall);
    const count = Math.ceil((this.element.clientHeight || 600) / tall);
    const from = Math.max(0, first - OVERSCAN);
    const to = Math.min(this.rows.length, first + count + OVERSCAN);
    for (const [place, line] of this.lines) {
      if (place >= from && place < to) continue;
      line.element.remove();
      this.lines.delete(place);
    }
    for (let place = from; place < to; place += 1) this.drawLine(place, tall);
    this.element.setAttribute("aria-rowcount", String(this.rows.length + 1));
    const active = this.lines.get(this.cursor)?.element.id;
    if (active) this.element.setAttribute("aria-activedescendant", active);
    else this.element.removeAttribute("aria-activedescendant");
  }

  private drawLine(place: number, tall: number): void {
    const row = this.rows[place];
    if (!row) return;
    let line = this.lines.get(place);
    if (!line) {
      line = new Line(`${this.name}-${place}`, place, this.fields, () => {
        const now = this.rows[place];
        this.cursor = place;
        if (now) this.events.open(now);
        this.draw();
      });
      this.lines.set(place, line);
      this.space.append(line.element);
    }
    line.element.style.transform = `translateY(${place * tall}px)`;
    line.element.toggleAttribute("data-cursor", place === this.cursor);
    line.element.toggleAttribute("data-opened", row.run_id === this.opened);
    line.draw(row);
  }

  private drawHead(order: Order): void {
    const columns: [string | number, string][] = [
      ...this.fields.map((path, place): [number, string] => [place, path]),
      ["status", "Status"],
      ["took", "Took"],
      ["why", "Why"],
    ];
    const focused = (document.activeElement as HTMLElement | null)?.dataset?.["by"];
    this.head.replaceChildren(
      ...columns.map(([by, label]) => {
        const sorted = order.by === by;
        const way = order.descending ? "descending" : "ascending";
        return h(
          "span",
          { role: "columnheader", "aria-sort": sorted ? way : "none" },
          h(
            "button",
            {
              type: "button",
              class: "ops-sweep-sort",
              title: `Sort by ${label}`,
              "data-by": String(by),
              onclick: () => this.events.sort(by),
            },
            label,
            sorted && icon(order.descending ? "down" : "up", 10),
          ),
        );
      }),
    );
    if (focused !== undefined && this.element.contains(this.head)) {
      this.head.querySelector<HTMLElement>(`[data-by="${focused}"]`)?.focus();
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.target !== this.element || event.ctrlKey || event.metaKey) return;
    const page = Math.max(1, Math.floor(this.element.clientHeight / ROW_PX) - 2);
    const moves: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.rows.length,
      End: this.rows.length,
    };
    const row = this.rows[this.cursor];
    const move = moves[event.key];
    if (event.key === "Enter" && row) this.events.open(row);
    else if (move !== undefined) this.moveBy(move);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private moveBy(count: number): void {
    const last = Math.max(0, this.rows.length - 1);
    this.cursor = Math.min(last, Math.max(0, this.cursor + count));
    const tall = this.cards ? CARD_PX : ROW_PX;
    const top = this.cursor * tall;
    const room = this.element.clientHeight - (this.cards ? 0 : ROW_PX);
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top + tall > this.element.scrollTop + room) {
      this.element.scrollTop = top + tall - room;
    }
    this.draw();
  }
}

/** One row element; it stays at its place, rows come and go in it. */
class Line {
  readonly element: HTMLElement;
  private readonly point: HTMLElement[];
  private readonly status = h("span", { role: "gridcell", class: "ops-sweep-status" });
  private readonly took = h("span", { role: "gridcell", class: "ops-sweep-took" });
  private readonly why = h("span", { role: "gridcell", class: "ops-sweep-why" });
  private shown: Row | undefined;

  constructor(id: string, place: number, fields: readonly string[], open: () => void) {
    this.point = fields.map((path) =>
      h("span", { role: "gridcell", class: "ops-sweep-value", "data-field": path }),
    );
    this.element = h(
      "div",
      {
        class: "ops-sweep-row",
        role: "row",
        id,
        "aria-rowindex": place + 2,
        onclick: open,
      },
      h("span", { class: "ops-sweep-point", role: "none" }, ...this.point),
      this.status,
      this.took,
      this.why,
    );
  }

  draw(row: Row): void {
    if (row === this.shown) return;
    this.point.forEach((cell, at) => {
      const value = row.point[at] ?? "";
      if (cell.textContent !== value) cell.textContent = value;
      cell.title = value;
    });
    if (row.word !== this.shown?.word || row.tries !== this.shown.tries) {
      const tries =
        row.tries > 1 && h("span", { class: "ops-muted" }, `try ${row.tries}`);
      this.status.replaceChildren(statusBadge(row.word), ...(tries ? [tries] : []));
    }
    if (row.why !== this.shown?.why) {
      this.why.textContent = row.why;
      this.why.title = row.why;
    }
    this.shown = row;
    this.element.dataset["word"] = row.word;
    this.element.dataset["run"] = row.run_id;
    this.tick(row);
  }

  tick(row: Row): void {
    const text = row.word === "queued" ? "" : duration(took(row));
    if (this.took.textContent !== text) this.took.textContent = text;
  }
}
