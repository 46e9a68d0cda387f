// One row element of the virtual table: a checkbox and a cell for each column.
import { h } from "../shared/dom.ts";
import type { Column } from "./columns.ts";
import type { RunRow } from "./row.ts";

export interface LineEvents {
  tick: (range: boolean) => void;
  open: () => void;
}

export interface LineLook {
  selected: boolean;
  opened: boolean;
  cursor: boolean;
}

/** A row on screen; it stays at its place of the order, runs come and go in it. */
export class Line {
  readonly element: HTMLElement;
  private readonly box = h("input", { type: "checkbox", tabindex: -1 });
  private readonly cells = new Map<Column, HTMLElement>();

  constructor(
    readonly id: string,
    index: number,
    columns: readonly Column[],
    private readonly events: LineEvents,
  ) {
    for (const column of columns) {
      const name = `ops-rt-cell ops-rt-${column.id}`;
      const cell = h("span", { class: name, role: "gridcell" });
      cell.style.setProperty("--ops-rt-area", column.id); // its place on a card
      this.cells.set(column, cell);
    }
    const place = { id, role: "row", "aria-rowindex": index + 2 };
    this.element = h("div", { class: "ops-rt-row", ...place }, this.makeTick());
    this.element.append(...this.cells.values());
    this.element.addEventListener("click", () => {
      if (getSelection()?.isCollapsed ?? true) events.open();
    });
  }

  /** Show a run, or nothing yet, at a height in pixels. */
  draw(row: RunRow | undefined, top: number, look: LineLook): void {
    this.element.style.transform = `translateY(${top}px)`;
    this.element.toggleAttribute("data-empty", row === undefined);
    this.element.toggleAttribute("data-cursor", look.cursor);
    this.element.toggleAttribute("data-opened", look.opened);
    this.element.setAttribute("aria-selected", String(look.selected));
    this.box.checked = look.selected;
    if (!row) return;
    this.box.setAttribute("aria-label", `Select ${row.module} ${row.short}`);
    for (const [column, cell] of this.cells) column.fill(cell, row);
  }

  /** Draw the times again, without touching anything else. */
  tick(row: RunRow): void {
    for (const [column, cell] of this.cells) if (column.ticks) column.fill(cell, row);
  }

  private makeTick(): HTMLElement {
    const tick = h("span", { class: "ops-rt-cell ops-rt-tick", role: "gridcell" });
    tick.style.setProperty("--ops-rt-area", "tick");
    tick.append(this.box);
    tick.addEventListener("click", (event) => {
      event.stopPropagation();
      event.preventDefault();
      // The browser puts the box back after a prevented click, hence later.
      setTimeout(() => this.events.tick(event.shiftKey));
    });
    tick.addEventListener("mousedown", (event) => {
      if (event.shiftKey) event.preventDefault(); // or the text in between is selected
    });
    return tick;
  }
}
