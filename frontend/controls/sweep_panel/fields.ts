// The rows of a sweep; what is typed goes to Python once it rests.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom.ts";
import { save, settle } from "../shared/watch.ts";
import { FieldRow } from "./row.ts";
import type { FieldText, FieldView, Model } from "./traits.ts";

const SEND_MS = 120;

/** A row for each swept field, and a button for one more. */
export class Fields {
  readonly element: HTMLElement;
  private readonly list = h("div", { class: "ops-swp-rows" });
  private readonly more: HTMLButtonElement;
  private rows: FieldRow[] = [];
  private values: FieldText[] = [];
  private next = 0;
  private readonly send = settle(() => this.write(), SEND_MS);

  constructor(
    private readonly model: AnyModel<Model>,
    private readonly id: string,
  ) {
    this.more = h(
      "button",
      { class: "ops-button ops-quiet", type: "button", onclick: () => this.add() },
      icon("plus"),
      "Sweep another field",
    );
    this.element = h("div", { class: "ops-swp-fields" }, this.list, this.more);
  }

  get count(): number {
    return this.values.filter((value) => value.path).length;
  }

  add(): void {
    this.values.push({ path: "", text: "" });
    this.build();
    this.rows.at(-1)?.focus();
  }

  focus(path: string): void {
    this.draw();
    this.rows.find((row) => row.path === path)?.focus();
  }

  draw(): void {
    const sent = this.model.get("fields");
    const own = this.values.filter((value) => value.path);
    if (JSON.stringify(sent) !== JSON.stringify(own) && !this.writing) this.take(sent);
    const taken = new Set(this.values.map((value) => value.path));
    const options = this.model.get("options");
    const views = this.model.get("view").fields ?? [];
    this.rows.forEach((row) => {
      row.offer(options, taken);
      row.say(viewOf(views, row.path));
    });
    this.more.hidden = this.values.length >= options.length;
  }

  private writing = false;

  private take(sent: readonly FieldText[]): void {
    this.values = sent.map((value) => ({ ...value }));
    this.build();
  }

  private build(): void {
    this.rows = this.values.map((value) => {
      const row: FieldRow = new FieldRow(`${this.id}-${++this.next}`, value, {
        changed: (now) => {
          this.values[this.rows.indexOf(row)] = now;
          this.writing = true;
          this.send.later();
        },
        removed: () => {
          this.values.splice(this.rows.indexOf(row), 1);
          this.build();
          this.write();
          this.more.focus();
        },
      });
      return row;
    });
    this.list.replaceChildren(...this.rows.map((row) => row.element));
    const taken = new Set(this.values.map((value) => value.path));
    const views = this.model.get("view").fields ?? [];
    for (const row of this.rows) {
      row.offer(this.model.get("options"), taken);
      row.say(viewOf(views, row.path));
    }
  }

  private write(): void {
    this.writing = false;
    save(this.model, { fields: this.values.filter((value) => value.path) });
    this.draw();
  }
}

function viewOf(views: readonly FieldView[], path: string): FieldView | undefined {
  return views.find((view) => view.name === path);
}
