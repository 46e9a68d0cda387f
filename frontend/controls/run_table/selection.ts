// Which runs are selected, and the bar at the foot that acts on them.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom.ts";
import { save, watch } from "../shared/watch.ts";
import type { RunRow } from "./row.ts";
import type { Rows } from "./rows.ts";

type Verb = "stop" | "pause" | "resume" | "again";

const SHOWN_BY: Record<Verb, string> = {
  stop: "can_stop",
  pause: "can_pause",
  resume: "can_pause",
  again: "can_again",
};
const NONE: Partial<Record<Verb, string>> = {
  stop: "None of the selected runs is active.",
  pause: "None of the selected runs is running.",
  resume: "None of the selected runs is paused.",
};

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
    watch(model, ["can_stop", "can_pause", "can_again"], signal, () => this.draw());
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
    if (!this.offers(verb) || this.refusal(verb)) return;
    this.confirming = verb;
    this.draw();
    this.element.querySelector<HTMLElement>(".ops-rt-yes")?.focus();
  }

  /** Freeze what runs of the selection, or let go on what is paused of it. */
  pauseOrResume(): void {
    const verb = this.refusal("pause") ? "resume" : "pause";
    if (!this.offers(verb)) return;
    if (this.refusal(verb))
      this.said.textContent = "None of the selected runs can be paused.";
    else this.send(verb);
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
      ...this.action("stop", "Stop", "stop"),
      ...this.action("pause", "Pause", "pause"),
      ...this.action("resume", "Resume", "play"),
      ...this.action("again", "Re-run", "reset"),
      unselect,
    ];
  }

  private offers(verb: Verb): boolean {
    return this.ids.size > 0 && Boolean(this.model.get(SHOWN_BY[verb]));
  }

  private action(verb: Verb, label: string, picture: string): HTMLElement[] {
    if (!this.offers(verb)) return [];
    const asks = verb === "stop" || verb === "again"; // a pause is undone by a resume
    const button = this.button(label, picture, () =>
      asks ? this.ask(verb) : this.send(verb),
    );
    const refusal = this.refusal(verb);
    if (verb === "stop") button.classList.add("ops-danger");
    button.disabled = refusal !== "";
    button.title = refusal;
    return [button];
  }

  private send(verb: Verb): void {
    const { fitting, unknown } = this.fitting(verb);
    this.model.send({ kind: verb, ids: [...fitting, ...unknown] });
    this.said.textContent = "";
    this.confirming = undefined;
    this.draw();
  }

  /** Why a verb cannot be used on what is selected, or an empty string. */
  private refusal(verb: Verb): string {
    if (verb === "again") {
      const few = this.ids.size <= AGAIN_LIMIT;
      return few ? "" : `Select at most ${AGAIN_LIMIT} runs to run them again.`;
    }
    const { fitting, unknown } = this.fitting(verb);
    return fitting.length + unknown.length > 0 ? "" : (NONE[verb] ?? "");
  }

  private question(verb: Verb): Node[] {
    const { fitting, unknown } = this.fitting(verb);
    const many = fitting.length + unknown.length;
    const what = many === 1 ? "1 run" : `${format(many)} runs`;
    const some = verb === "stop" && unknown.length > 0;
    const about = some ? "Stop those that are active?" : undefined;
    const text =
      verb === "stop" ? (about ?? `Stop ${what}?`) : `Run ${what} again, as before?`;
    const label = verb === "stop" ? "Stop" : "Run again";
    const yes = this.button(label, verb === "stop" ? "stop" : "reset", () =>
      this.send(verb),
    );
    yes.classList.add("ops-rt-yes", verb === "stop" ? "ops-danger" : "ops-primary");
    const no = this.button(verb === "stop" ? "Keep running" : "Cancel", "", () => {
      this.confirming = undefined;
      this.draw();
    });
    return [h("span", { class: "ops-rt-selected" }, text), yes, no];
  }

  /** The selected runs that a verb is for, and those of which that is not known here. */
  private fitting(verb: Verb): { fitting: string[]; unknown: string[] } {
    if (verb === "again") return { fitting: [...this.ids], unknown: [] };
    const fitting: string[] = [];
    const unknown: string[] = [];
    for (const id of this.ids) {
      const row = this.rows.of(id);
      if (!row) unknown.push(id);
      else if (fits(row, verb)) fitting.push(id);
    }
    return { fitting, unknown };
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

function fits(row: RunRow, verb: Verb): boolean {
  if (verb === "stop") return row.active;
  return row.word === (verb === "pause" ? "running" : "paused");
}

function format(count: number): string {
  return count.toLocaleString("en-US");
}
