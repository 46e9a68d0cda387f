// Which runs are selected, and the bar at the foot that acts on them.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom.ts";
import { save, watch } from "../shared/watch.ts";
import type { Rows } from "./rows.ts";

type Verb = "stop" | "again";

const AGAIN_LIMIT = 100; // more runs than anyone starts by hand on purpose

export class Selection {
  readonly element = h("div", { class: "ops-rt-foot" });
  private readonly said = h("span", { class: "ops-rt-said", role: "status" });
  private confirming: Verb | undefined;
  private anchor = -1;
  private ids: Set<string>;

  constructor(
    private readonly model: AnyModel,
    private readonly rows: Rows,
    signal: AbortSignal,
    private readonly leave: () => void,
  ) {
    this.ids = new Set(model.get("selection") as string[]);
    watch(model, ["selection"], signal, () => {
      this.ids = new Set(model.get("selection") as string[]);
      this.confirming = undefined;
      this.draw();
    });
    watch(model, ["can_stop", "can_again"], signal, () => this.draw());
    watch(model, ["said"], signal, () => this.drawSaid());
    this.draw();
  }

  get all(): ReadonlySet<string> {
    return this.ids;
  }

  /** Turn one row's selection over, or select up to it from the last one. */
  tick(index: number, range: boolean): void {
    const row = this.rows.at(index);
    if (range && this.anchor >= 0) {
      this.model.send({ kind: "select_range", from: this.anchor, to: index });
      return;
    }
    if (!row) return;
    this.anchor = index;
    const ids = new Set(this.ids);
    if (!ids.delete(row.run_id)) ids.add(row.run_id);
    this.set(ids);
  }

  /** Select all that the filter lets through, or nothing if all are. */
  tickAll(): void {
    if (this.ids.size > 0) this.clear();
    else this.model.send({ kind: "select_all" });
  }

  clear(): void {
    this.anchor = -1;
    this.set(new Set());
  }

  /** One step back: close the question, then unselect; false if there is nothing. */
  escape(): boolean {
    if (this.confirming) {
      this.confirming = undefined;
      this.draw();
      return true;
    }
    if (this.ids.size === 0) return false;
    this.clear();
    return true;
  }

  /** Ask whether to act on what is selected. */
  ask(verb: Verb): void {
    if (this.ids.size === 0 || this.refusal(verb)) return;
    if (!this.model.get(verb === "stop" ? "can_stop" : "can_again")) return;
    this.confirming = verb;
    this.draw();
    this.element.querySelector<HTMLElement>(".ops-rt-yes")?.focus();
  }

  /** Rows changed: what can be done with them may have changed too. */
  refresh(): void {
    if (this.ids.size > 0 && !this.confirming) this.draw();
  }

  draw(): void {
    const parts = this.confirming ? this.question(this.confirming) : this.offer();
    const focused = this.element.contains(document.activeElement);
    this.element.replaceChildren(...parts, this.said);
    this.element.toggleAttribute("data-busy", this.ids.size > 0);
    if (focused && !this.confirming) this.leave();
  }

  private set(ids: Set<string>): void {
    this.ids = ids;
    this.said.textContent = "";
    save(this.model, { selection: [...ids] });
    this.confirming = undefined;
    this.draw();
  }

  private offer(): Node[] {
    const many = this.ids.size;
    if (many === 0) return [];
    const unselect = this.button("Unselect", "close", () => this.clear());
    unselect.classList.add("ops-quiet");
    return [
      h("span", { class: "ops-rt-selected" }, `${format(many)} selected`),
      ...(this.model.get("can_stop") ? [this.action("stop", "Stop", "stop")] : []),
      ...(this.model.get("can_again") ? [this.action("again", "Re-run", "reset")] : []),
      unselect,
    ];
  }

  private action(verb: Verb, label: string, picture: string): HTMLElement {
    const button = this.button(label, picture, () => this.ask(verb));
    const refusal = this.refusal(verb);
    if (verb === "stop") button.classList.add("ops-danger");
    button.disabled = refusal !== "";
    button.title = refusal;
    return button;
  }

  /** Why a verb cannot be used on what is selected, or an empty string. */
  private refusal(verb: Verb): string {
    if (verb === "again") {
      const few = this.ids.size <= AGAIN_LIMIT;
      return few ? "" : `Select at most ${AGAIN_LIMIT} runs to run them again.`;
    }
    const { active, unknown } = this.activity();
    return active.length + unknown.length > 0
      ? ""
      : "None of the selected runs is active.";
  }

  private question(verb: Verb): Node[] {
    const { active, unknown } = this.activity();
    const ids = verb === "again" ? [...this.ids] : [...active, ...unknown];
    const what = ids.length === 1 ? "1 run" : `${format(ids.length)} runs`;
    const some = verb === "stop" && unknown.length > 0;
    const about = some ? "Stop those that are active?" : undefined;
    const text =
      verb === "stop" ? (about ?? `Stop ${what}?`) : `Run ${what} again, as before?`;
    const label = verb === "stop" ? "Stop" : "Run again";
    const yes = this.button(label, verb === "stop" ? "stop" : "reset", () => {
      this.model.send({ kind: verb, ids });
      this.said.textContent = "";
      this.confirming = undefined;
      this.draw();
    });
    yes.classList.add("ops-rt-yes", verb === "stop" ? "ops-danger" : "ops-primary");
    const no = this.button(verb === "stop" ? "Keep running" : "Cancel", "", () => {
      this.confirming = undefined;
      this.draw();
    });
    return [h("span", { class: "ops-rt-selected" }, text), yes, no];
  }

  /** The selected runs that are active, and those of which that is not known here. */
  private activity(): { active: string[]; unknown: string[] } {
    const active: string[] = [];
    const unknown: string[] = [];
    for (const id of this.ids) {
      const row = this.rows.of(id);
      if (!row) unknown.push(id);
      else if (row.active) active.push(id);
    }
    return { active, unknown };
  }

  private button(label: string, picture: string, act: () => void): HTMLButtonElement {
    const button = h("button", { type: "button", class: "ops-button" });
    button.append(...(picture ? [icon(picture)] : []), label);
    button.addEventListener("click", act);
    return button;
  }

  private drawSaid(): void {
    const said = this.model.get("said") as { text?: string; error?: boolean };
    this.said.textContent = said.text ?? "";
    this.said.toggleAttribute("data-error", said.error === true);
  }
}

function format(count: number): string {
  return count.toLocaleString("en-US");
}
