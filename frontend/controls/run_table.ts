// The run table: a virtual table whose rows are pulled from the kernel, where the
// registry sorts, filters and counts. The browser holds what is on screen.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h } from "./shared/dom.ts";
import { isShortcut, keepKeys } from "./shared/keys.ts";
import { save, watch } from "./shared/watch.ts";
import type { Column } from "./run_table/columns.ts";
import { Grid } from "./run_table/grid.ts";
import { Rows } from "./run_table/rows.ts";
import { Selection } from "./run_table/selection.ts";
import { Toolbar } from "./run_table/toolbar.ts";

const LATE_MS = 250; // after which a table that waits for rows says so

class RunTable {
  private readonly rows: Rows;
  private readonly grid: Grid;
  private readonly toolbar: Toolbar;
  private readonly selection: Selection;
  private readonly empty = h("div", { class: "ops-rt-empty" });
  private readonly problem = h("div", { class: "ops-rt-problem", role: "alert" });
  private cursor = -1;
  private cursorId = "";
  private late: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: AnyModel,
    private readonly root: HTMLElement,
    signal: AbortSignal,
  ) {
    this.rows = new Rows(model, signal, (moved) => this.take(moved));
    this.toolbar = new Toolbar(model, signal, () => this.grid.element.focus());
    this.selection = new Selection(model, this.rows, signal, () =>
      this.grid.element.focus(),
    );
    this.grid = new Grid(root, this.gridEvents(), String(model.get("label")));
    const body = h("div", { class: "ops-rt-body ops-card" }, this.problem);
    body.append(this.grid.element, this.empty);
    root.append(this.toolbar.element, body, this.selection.element);
    root.addEventListener("keydown", (event) => this.press(event));
    this.follow(signal);
  }

  private follow(signal: AbortSignal): void {
    const { model } = this;
    const question = ["query_text", "sort", "descending"];
    watch(model, question, signal, () => this.restart());
    watch(model, ["columns"], signal, () => this.resize());
    watch(model, ["opened", "selection"], signal, () => this.draw());
    watch(model, ["height"], signal, () => this.drawHeight());
    watch(model, ["problem", "filter_error"], signal, () => this.drawNotes());
    const sizes = new ResizeObserver(() => this.resize());
    sizes.observe(this.root);
    const clock = setInterval(() => document.hidden || this.grid.tick(), 1000);
    signal.addEventListener("abort", () => {
      sizes.disconnect();
      clearInterval(clock);
      clearTimeout(this.late);
      this.grid.stop();
    });
    this.drawHeight();
    this.resize();
    this.drawNotes();
    this.rows.want(this.grid.first, this.grid.count, true);
  }

  private gridEvents(): ConstructorParameters<typeof Grid>[1] {
    return {
      row: (index) => this.rows.at(index),
      look: () => ({
        columns: this.model.get("columns") as string[],
        sort: String(this.model.get("sort")),
        descending: Boolean(this.model.get("descending")),
        selected: this.selection.all,
        opened: String(this.model.get("opened")),
        cursor: this.cursor,
        total: this.rows.total,
      }),
      sortBy: (column) => this.sortBy(column),
      tick: (index, range) => {
        this.moveTo(index);
        this.selection.tick(index, range);
        this.draw();
      },
      tickAll: () => {
        this.selection.tickAll();
        this.draw();
      },
      open: (index) => this.open(index),
      moved: (first, count) => this.rows.want(first, count),
    };
  }

  /** New rows came: keep the cursor on its run and what is read in its place. */
  private take(moved: number): void {
    clearTimeout(this.late);
    this.root.removeAttribute("data-late");
    if (this.cursorId) this.cursor = this.rows.placeOf(this.cursorId) ?? this.cursor;
    this.grid.draw();
    this.grid.shift(moved);
    this.selection.refresh();
    this.drawNotes();
  }

  /** Another question was asked: Python answers from the top. */
  private restart(): void {
    this.cursor = -1;
    this.cursorId = "";
    this.grid.element.scrollTop = 0;
    clearTimeout(this.late);
    this.late = setTimeout(() => this.root.toggleAttribute("data-late", true), LATE_MS);
    this.draw();
  }

  private resize(): void {
    this.grid.resize(this.root.clientWidth);
  }

  private draw(): void {
    this.grid.draw();
  }

  private drawHeight(): void {
    this.root.style.setProperty("--ops-rt-height", String(this.model.get("height")));
  }

  private drawNotes(): void {
    const problem = String(this.model.get("problem"));
    this.problem.textContent = problem;
    this.problem.hidden = problem === "";
    this.toolbar.drawCount(this.rows.total);
    this.drawEmpty(problem === "" && this.rows.total === 0);
    if (this.model.get("filter_error")) clearTimeout(this.late);
  }

  private drawEmpty(isEmpty: boolean): void {
    this.empty.hidden = !isEmpty;
    this.root.toggleAttribute("data-no-runs", isEmpty);
    if (!isEmpty) return;
    if (String(this.model.get("query_text")).trim() === "") {
      const text = "No runs yet: pick a module on the Run page and press Run.";
      this.empty.replaceChildren(text);
      return;
    }
    const clear = h(
      "button",
      { type: "button", class: "ops-button" },
      "Clear the filter",
    );
    clear.addEventListener("click", () => this.toolbar.clearFilter());
    this.empty.replaceChildren("No run matches.", clear);
  }

  private sortBy(column: Column): void {
    const same = this.model.get("sort") === column.sort;
    const descending = same ? !this.model.get("descending") : Boolean(column.descends);
    save(this.model, { sort: column.sort, descending });
  }

  private open(index: number): void {
    const row = this.rows.at(index);
    if (!row) return;
    this.moveTo(index);
    save(this.model, { opened: row.run_id });
    this.draw();
  }

  private moveTo(index: number): void {
    this.cursor = Math.max(0, Math.min(this.rows.total - 1, index));
    this.cursorId = this.rows.at(this.cursor)?.run_id ?? "";
    this.grid.reveal(this.cursor);
  }

  private press(event: KeyboardEvent): void {
    if (!isShortcut(event)) return;
    const target = event.target as HTMLElement;
    const inGrid = this.grid.element.contains(target) && target.tagName !== "BUTTON";
    const act = this.anywhere(event) ?? (inGrid ? this.inGrid(event) : undefined);
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  private anywhere(event: KeyboardEvent): (() => void) | undefined {
    const keys: Record<string, () => void> = {
      "/": () => this.toolbar.input.focus(),
      "?": () => this.toolbar.toggleHelp(),
      Escape: () => this.escape(),
    };
    return keys[event.key];
  }

  private inGrid(event: KeyboardEvent): (() => void) | undefined {
    const at = this.cursor;
    const page = Math.max(1, this.grid.count - 2);
    const down = () => this.moveTo(at + 1);
    const up = () => this.moveTo(at - 1);
    const keys: Record<string, () => void> = {
      j: down,
      ArrowDown: down,
      k: up,
      ArrowUp: up,
      PageDown: () => this.moveTo(at + page),
      PageUp: () => this.moveTo(at - page),
      Home: () => this.moveTo(0),
      End: () => this.moveTo(this.rows.total - 1),
      Enter: () => this.open(at),
      " ": () => this.tickCursor(event.shiftKey),
      s: () => this.stopCursor(),
    };
    // Without a selection, p is for the run that is opened: the panel knows it.
    if (this.selection.all.size > 0) keys["p"] = () => this.selection.pauseOrResume();
    return keys[event.key];
  }

  private tickCursor(range: boolean): void {
    if (this.cursor >= 0) this.selection.tick(this.cursor, range);
    this.draw();
  }

  private stopCursor(): void {
    if (this.selection.all.size === 0) this.tickCursor(false);
    this.selection.ask("stop");
  }

  private escape(): void {
    if (!this.selection.escape()) save(this.model, { opened: "" });
    this.draw();
  }
}

export default {
  render({ model, el, signal }: RenderProps & { signal?: AbortSignal }) {
    const ended = new AbortController();
    signal?.addEventListener("abort", () => ended.abort());
    el.classList.add("opsdash", "ops-run-table");
    keepKeys(el);
    new RunTable(model, el, ended.signal);
    return () => ended.abort();
  },
};
