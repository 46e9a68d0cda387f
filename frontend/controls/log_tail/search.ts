// The search box: the kernel finds the rows, the browser marks them and walks over them.
import { h, icon } from "../shared/dom.ts";
import { settle } from "../shared/watch.ts";
import type { Renumbering } from "./gap.ts";
import type { Channel, Found } from "./protocol.ts";

const PAUSE_MS = 200; // after the last key, before a search begins

export interface Events {
  /** Bring a row into sight. */
  show(row: number): void;
  /** What is marked has changed. */
  redraw(): void;
  /** The first row on screen: the walk begins there. */
  first(): number;
  leave(): void;
  /** Which counting of the rows is known here. */
  cuts(): number;
}

export class Search {
  readonly element: HTMLElement;
  /** What to mark in the lines on screen. */
  pattern: RegExp | null = null;
  private rows: number[] = [];
  private at = -1;
  private more = false;
  private request = -1;
  private regex = false;
  private caseful = false;
  private walk = true;
  private waiting = false;
  private readonly input: HTMLInputElement;
  private readonly count = h("span", { class: "ops-log-count", "aria-live": "polite" });
  private readonly later = settle(() => this.start(true), PAUSE_MS);

  constructor(
    private readonly channel: Channel,
    private readonly events: Events,
  ) {
    this.input = h("input", {
      class: "ops-input",
      type: "search",
      placeholder: "Search",
      "aria-label": "Search the log",
      title: "Search ( / ), next (Enter or n), previous (Shift+Enter or N)",
      spellcheck: "false",
      autocomplete: "off",
      oninput: () => this.later.later(),
      onkeydown: (event) => this.press(event as KeyboardEvent),
    });
    this.element = h(
      "div",
      { class: "ops-log-search", role: "search" },
      h("div", { class: "ops-log-query" }, icon("search"), this.input, this.count),
      this.toggle("Aa", "Match case", (on) => (this.caseful = on)),
      this.toggle(".*", "Regular expression", (on) => (this.regex = on)),
      this.step("up", "Previous match (N)", -1),
      this.step("down", "Next match (n)", 1),
    );
    channel.on<Found>("search", (found) => this.take(found));
  }

  /** The row of the match that one is at, or -1. */
  get current(): number {
    return this.rows[this.at] ?? -1;
  }

  focus(): void {
    this.input.focus();
    this.input.select();
  }

  /** Search again: the log or its filter is another. */
  again(): void {
    if (this.input.value) this.start(false);
  }

  /** Rows are counted anew; some of them may be gone. */
  renumber(moved: Renumbering): void {
    const current = this.at < 0 ? -1 : moved(this.current);
    this.rows = this.rows.map(moved).filter((row) => row >= 0);
    this.at = current < 0 ? -1 : this.rows.indexOf(current);
    if (!this.waiting && this.input.value) this.drawCount("");
  }

  next(by: number): void {
    if (this.rows.length === 0) return;
    this.at = (this.at + by + this.rows.length) % this.rows.length;
    this.arrive();
  }

  private toggle(text: string, label: string, act: (on: boolean) => void): HTMLElement {
    const button = h(
      "button",
      {
        class: "ops-button ops-quiet ops-log-toggle",
        type: "button",
        "aria-pressed": "false",
        "aria-label": label,
        title: label,
        onclick: () => {
          const on = button.getAttribute("aria-pressed") !== "true";
          button.setAttribute("aria-pressed", String(on));
          act(on);
          this.later.now();
        },
      },
      text,
    );
    return button;
  }

  private step(name: string, label: string, by: number): HTMLElement {
    const attributes = {
      "aria-label": label,
      title: label,
      onclick: () => this.next(by),
    };
    const looks = { class: "ops-button ops-quiet ops-log-icon", type: "button" };
    return h("button", { ...looks, ...attributes }, icon(name));
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.rows.length === 0) this.later.now();
      else this.next(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (this.input.value) this.clear();
      else this.events.leave();
    }
  }

  private clear(): void {
    this.input.value = "";
    this.later.now();
  }

  private start(walk: boolean): void {
    const text = this.input.value;
    this.rows = [];
    this.at = -1;
    this.more = false;
    this.walk = walk;
    this.pattern = marking(text, this.regex, this.caseful);
    this.waiting = text !== "";
    this.request = this.channel.send("search", {
      pattern: text,
      regex: this.regex,
      case: this.caseful,
    });
    this.drawCount("");
    this.events.redraw();
  }

  private take(found: Found): void {
    if (found.request !== this.request) return;
    if (found.rows.length > 0 && found.cuts !== this.events.cuts()) {
      this.start(this.walk); // they were counted before something was cut out
      return;
    }
    this.waiting = false;
    this.more = found.more;
    if (found.first === 0) this.rows = found.rows;
    else this.add(found.rows);
    this.drawCount(found.error);
    if (found.first === 0 && this.walk && this.rows.length > 0) this.begin();
  }

  /** The walk begins with the first match from the top of the screen on. */
  private begin(): void {
    const first = this.events.first();
    const at = this.rows.findIndex((row) => row >= first);
    this.at = at < 0 ? this.rows.length - 1 : at;
    this.arrive();
  }

  private add(rows: number[]): void {
    const last = this.rows[this.rows.length - 1] ?? -1;
    this.rows.push(...rows.filter((row) => row > last));
  }

  private arrive(): void {
    this.drawCount("");
    this.events.show(this.current);
    this.events.redraw();
  }

  private drawCount(error: string): void {
    const total = this.rows.length.toLocaleString() + (this.more ? "+" : "");
    const place = this.at < 0 ? "" : `${(this.at + 1).toLocaleString()} of `;
    const none = this.waiting ? "…" : "no match";
    const text = this.rows.length > 0 ? place + total : none;
    this.count.textContent = error ? "wrong pattern" : this.input.value ? text : "";
    this.count.title = error;
    this.count.classList.toggle("ops-error-text", error !== "");
    this.input.setAttribute("aria-invalid", String(error !== ""));
  }
}

/** The browser's own form of what is searched for, to mark it on screen. */
function marking(text: string, regex: boolean, caseful: boolean): RegExp | null {
  if (text === "") return null;
  const source = regex ? text : text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  try {
    return new RegExp(source, caseful ? "g" : "gi");
  } catch {
    return null; // an expression of the kernel's dialect: found, but not marked
  }
}
