// Above the table: the filter box with its help, the columns, the count.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom.ts";
import { save, settle, watch } from "../shared/watch.ts";
import { COLUMNS } from "./columns.ts";
import { Popover } from "./popover.ts";

const TYPING_MS = 150;

const KEYS: readonly [string, string][] = [
  ["/", "filter"],
  ["j k ↓ ↑", "move"],
  ["Enter", "open"],
  ["Space", "select"],
  ["s", "stop"],
  ["p", "pause or resume"],
  ["Esc", "unselect, close"],
  ["?", "this help"],
];

export class Toolbar {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly help: Popover;
  private readonly error = h("div", { class: "ops-rt-error", role: "alert" });
  private readonly count = h("span", { class: "ops-rt-count ops-muted" });
  private readonly order = h("select", { class: "ops-input ops-rt-order" });

  constructor(
    private readonly model: AnyModel,
    signal: AbortSignal,
    leave: () => void,
  ) {
    this.input = this.makeInput(signal, leave);
    const about = h(
      "button",
      { type: "button", class: "ops-button ops-quiet ops-rt-help" },
      icon("question", 14),
    );
    about.setAttribute("aria-label", "What can be filtered, and the keys");
    about.title = "What can be filtered, and the keys (?)";
    this.help = new Popover(about, "Filter and keys", signal, () => this.helpLines());
    const pick = h(
      "button",
      { type: "button", class: "ops-button ops-rt-pick" },
      "Columns",
      icon("down", 10),
    );
    const columns = new Popover(pick, "Columns", signal, () => this.columnLines());
    columns.panel.classList.add("ops-rt-columns");
    this.count.setAttribute("aria-live", "polite");
    this.makeOrder();
    const filter = h("div", { class: "ops-rt-filter" }, icon("search", 14), this.input);
    filter.append(about, this.help.panel, this.error);
    const choice = h("div", { class: "ops-rt-choice" }, pick, columns.panel);
    this.element = h("div", { class: "ops-rt-bar" }, filter, this.order, choice);
    this.element.append(this.count, this.makeMenu(signal));
    watch(model, ["filter_error"], signal, () => this.drawError());
    watch(model, ["sort", "descending"], signal, () => this.drawOrder());
    this.drawError();
    this.drawOrder();
  }

  /** Write the number of runs. */
  drawCount(total: number): void {
    const text = total === 1 ? "1 run" : `${total.toLocaleString("en-US")} runs`;
    if (this.count.textContent !== text) this.count.textContent = text;
  }

  toggleHelp(): void {
    this.help.toggle();
  }

  clearFilter(): void {
    this.input.value = "";
    save(this.model, { query_text: "" });
  }

  private makeInput(signal: AbortSignal, leave: () => void): HTMLInputElement {
    const input = h("input", {
      class: "ops-input",
      type: "text",
      placeholder: "Filter: text, status:failed, user:me, since:7d",
      "aria-label": "Filter runs",
      "data-ops-filter": true,
      spellcheck: "false",
      autocomplete: "off",
    });
    input.value = String(this.model.get("query_text"));
    const send = settle(() => save(this.model, { query_text: input.value }), TYPING_MS);
    input.addEventListener("input", send.later);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") send.now();
      else if (event.key === "ArrowDown") leave();
      else if (event.key === "Escape" && input.value) {
        input.value = "";
        send.now();
      } else if (event.key === "Escape") leave();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    // What is being typed is newer than what comes from Python.
    watch(this.model, ["query_text"], signal, () => {
      const text = String(this.model.get("query_text"));
      if (document.activeElement !== input) input.value = text;
    });
    return input;
  }

  private drawError(): void {
    const text = String(this.model.get("filter_error"));
    this.error.textContent = text;
    this.error.hidden = text === "";
    this.input.setAttribute("aria-invalid", String(text !== ""));
  }

  /** What is done to more than a selection; no menu where there is nothing to do. */
  private makeMenu(signal: AbortSignal): HTMLElement {
    const more = h(
      "button",
      { type: "button", class: "ops-button ops-icon-button", title: "More" },
      icon("more"),
    );
    more.setAttribute("aria-label", "More");
    const menu: Popover = new Popover(more, "More", signal, () => this.menuLines(menu));
    menu.panel.classList.add("ops-rt-menu");
    const element = h("div", { class: "ops-rt-choice" }, more, menu.panel);
    const draw = (): void => {
      element.hidden = (this.model.get("menu") as unknown[]).length === 0;
    };
    watch(this.model, ["menu"], signal, draw);
    draw();
    return element;
  }

  private menuLines(menu: Popover): Node[] {
    const items = this.model.get("menu") as { id: string; label: string }[];
    return items.map(({ id, label }) => {
      const button = h("button", { type: "button", class: "ops-button ops-quiet" });
      button.textContent = label;
      button.addEventListener("click", () => {
        menu.close();
        menu.button.focus();
        this.model.send({ kind: "menu", item: id });
      });
      return button;
    });
  }

  private makeOrder(): void {
    this.order.setAttribute("aria-label", "Sort runs by");
    for (const column of COLUMNS) {
      if (!column.sort) continue;
      const ways = column.descends ? [true, false] : [false, true];
      for (const descending of ways) {
        const option = h("option", { value: `${column.sort} ${descending}` });
        option.textContent = `${column.label} ${descending ? "↓" : "↑"}`;
        this.order.append(option);
      }
    }
    this.order.addEventListener("change", () => {
      const [sort, descending] = this.order.value.split(" ");
      save(this.model, { sort, descending: descending === "true" });
    });
  }

  private drawOrder(): void {
    this.order.value = `${this.model.get("sort")} ${this.model.get("descending")}`;
  }

  private helpLines(): Node[] {
    const tokens = this.model.get("filter_help") as [string, string][];
    const list = h("div", { class: "ops-rt-tokens" });
    for (const [token, meaning] of tokens) {
      const use = h(
        "button",
        { type: "button", class: "ops-rt-token ops-code" },
        token,
      );
      use.addEventListener("click", () => this.add(token));
      list.append(use, h("span", {}, meaning));
    }
    const keys = h("div", { class: "ops-rt-tokens" });
    for (const [key, meaning] of KEYS) {
      keys.append(h("kbd", {}, key), h("span", {}, meaning));
    }
    const heading = (text: string): Node => h("h3", { class: "ops-rt-title" }, text);
    return [heading("Filter"), list, heading("Keys in the table"), keys];
  }

  private add(token: string): void {
    const before = this.input.value.trim();
    this.input.value = before ? `${before} ${token}` : token;
    this.help.close();
    this.input.focus();
    save(this.model, { query_text: this.input.value });
  }

  private columnLines(): Node[] {
    const shown = this.model.get("columns") as string[];
    return COLUMNS.map((column) => {
      const box = h("input", { type: "checkbox" });
      box.checked = column.fixed === true || shown.includes(column.id);
      box.disabled = column.fixed === true;
      box.addEventListener("change", () => {
        const now = this.model.get("columns") as string[];
        const others = now.filter((id) => id !== column.id);
        save(this.model, { columns: box.checked ? [...others, column.id] : others });
      });
      return h("label", { class: "ops-rt-option" }, box, column.label);
    });
  }
}
