// The header: names of the columns, which one sorts, and a box for all runs.
import { h, icon } from "../shared/dom.ts";
import type { Column } from "./columns.ts";

export interface HeadLook {
  sort: string;
  descending: boolean;
  selected: number;
  total: number;
}

export class Head {
  readonly element = h("div", { class: "ops-rt-head", role: "row" });
  private readonly all = h("input", {
    type: "checkbox",
    "aria-label": "Select all runs",
  });
  private readonly cells = new Map<Column, HTMLElement>();

  constructor(
    private readonly sortBy: (column: Column) => void,
    tickAll: () => void,
  ) {
    this.all.addEventListener("click", (event) => {
      event.preventDefault();
      setTimeout(tickAll); // after the browser has put the box back
    });
  }

  /** Show these columns. */
  set(columns: readonly Column[]): void {
    this.cells.clear();
    const first = h("span", { class: "ops-rt-cell ops-rt-tick", role: "columnheader" });
    first.append(this.all);
    for (const column of columns) this.cells.set(column, this.makeCell(column));
    this.element.replaceChildren(first, ...this.cells.values());
  }

  draw(look: HeadLook): void {
    this.all.checked = look.total > 0 && look.selected >= look.total;
    this.all.indeterminate = !this.all.checked && look.selected > 0;
    const way = look.descending ? "descending" : "ascending";
    for (const [column, cell] of this.cells) {
      const button = cell.querySelector("button");
      const order = column.sort === look.sort ? way : "none";
      if (!button || cell.getAttribute("aria-sort") === order) continue;
      cell.setAttribute("aria-sort", order);
      const arrow = icon(look.descending ? "down" : "up", 10);
      button.replaceChildren(column.label, ...(order === "none" ? [] : [arrow]));
    }
  }

  private makeCell(column: Column): HTMLElement {
    const name = `ops-rt-cell ops-rt-${column.id}`;
    const cell = h("span", { class: name, role: "columnheader" });
    cell.dataset["column"] = column.id;
    if (!column.sort) {
      cell.append(column.label);
      return cell;
    }
    const button = h("button", { type: "button", class: "ops-rt-sort" }, column.label);
    button.addEventListener("click", () => this.sortBy(column));
    cell.append(button);
    return cell;
  }
}
