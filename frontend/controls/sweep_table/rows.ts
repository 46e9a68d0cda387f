// What the browser knows of a group's rows: asked from Python, newer ones only.
import type { AnyModel } from "@anywidget/types";
import { hear, watch } from "../shared/watch.ts";
import { rowOf, type Model, type Row, type Sent } from "./traits.ts";

interface Answer {
  view: string;
  group_id: string;
  version: number;
  total: number;
  rows: Sent[];
}

/** Keep `all` as Python has it; `changed` is called after each answer. */
export class Rows {
  all: Row[] = [];
  private version = 0;
  private group = "";
  private readonly view = crypto.randomUUID?.() ?? String(Math.random());

  constructor(
    private readonly model: AnyModel<Model>,
    signal: AbortSignal | undefined,
    private readonly changed: () => void,
  ) {
    hear(model, "rows", signal, (said) => this.take(said as unknown as Answer));
    watch(model, ["version"], signal, () => this.ask());
    this.ask();
  }

  private ask(): void {
    if (this.model.get("group").group_id !== this.group) this.version = 0;
    this.model.send({ kind: "want", view: this.view, since: this.version });
  }

  private take(answer: Answer): void {
    if (answer.view !== this.view) return;
    if (answer.group_id !== this.group || answer.total !== this.all.length) {
      this.group = answer.group_id;
      if (answer.rows.length < answer.total) {
        this.all = [];
        this.version = 0;
        if (answer.total > 0) this.ask();
        return;
      }
      this.all = new Array<Row>(answer.total);
    }
    for (const sent of answer.rows) this.all[sent[0]] = rowOf(sent);
    this.version = answer.version;
    this.changed();
  }
}
