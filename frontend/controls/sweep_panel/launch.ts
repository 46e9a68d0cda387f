// The foot of a sweep: grid or zip, how many at a time, what it comes to, the button.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom.ts";
import { prose } from "../shared/prose.ts";
import { save } from "../shared/watch.ts";
import type { Model } from "./traits.ts";

/** Asks before it launches many runs, and what Python wants to be confirmed. */
export class LaunchLine {
  readonly element: HTMLElement;
  private readonly way: HTMLSelectElement;
  private readonly limit: HTMLInputElement;
  private readonly total = h("div", { class: "ops-swp-total", role: "status" });
  private readonly button: HTMLButtonElement;
  private readonly message = h("div", { class: "ops-swp-message" });
  private readonly wayField: HTMLElement;
  private asking = "";

  constructor(
    private readonly model: AnyModel<Model>,
    id: string,
  ) {
    this.way = h(
      "select",
      {
        class: "ops-input",
        id: `${id}-way`,
        onchange: () => save(model, { zip: this.way.value === "zip" }),
      },
      h("option", { value: "grid" }, "every combination"),
      h("option", { value: "zip" }, "together, one by one"),
    );
    this.limit = h("input", {
      class: "ops-input ops-swp-limit",
      id: `${id}-limit`,
      type: "number",
      min: 1,
      max: 10000,
      step: 1,
      onchange: () => {
        const number = Math.round(Number(this.limit.value));
        const limit = Math.min(10000, Math.max(1, number || 1));
        save(model, { limit });
        this.limit.value = String(limit);
      },
    });
    this.button = h("button", {
      class: "ops-button ops-primary",
      type: "button",
      "data-action": "launch",
      onclick: () => this.press(),
    });
    this.wayField = h("label", { for: this.way.id }, "Run", this.way);
    this.element = h(
      "div",
      { class: "ops-swp-foot" },
      this.total,
      h(
        "div",
        { class: "ops-swp-line" },
        this.wayField,
        h("label", { for: this.limit.id }, "At a time", this.limit),
        this.button,
      ),
      this.message,
    );
  }

  /** Ask what Python wants to be confirmed. */
  ask(): void {
    this.asking = this.model.get("confirm");
    this.drawMessage();
    this.message.querySelector<HTMLElement>("[data-yes]")?.focus();
  }

  draw(fields: number): void {
    const model = this.model;
    const view = model.get("view");
    const count = view.count ?? 0;
    this.way.value = model.get("zip") ? "zip" : "grid";
    this.wayField.hidden = fields < 2;
    if (document.activeElement !== this.limit) {
      this.limit.value = String(model.get("limit"));
    }
    const said = fields > 0 ? view.summary || view.error || "" : "";
    this.total.replaceChildren(...prose(said));
    this.total.toggleAttribute("data-wrong", Boolean(view.error));
    const busy = model.get("busy");
    const runs = count === 1 ? "1 run" : `${count.toLocaleString()} runs`;
    this.button.replaceChildren(
      busy ? h("span", { class: "ops-spinner" }) : icon("play"),
      busy || (count > 0 ? `Launch ${runs}` : "Launch"),
    );
    this.button.disabled = count === 0 || busy !== "" || model.get("blocked") !== "";
    this.button.title = model.get("blocked");
    this.drawMessage();
  }

  private press(): void {
    const count = this.model.get("view").count ?? 0;
    const many = count > this.model.get("many");
    const asked = this.model.get("confirm");
    if (asked) this.asking = asked;
    else if (many) {
      this.asking =
        `Launch ${count.toLocaleString()} runs of ${this.model.get("module")}, ` +
        `${this.model.get("limit")} at a time?`;
    } else return this.send(false);
    this.drawMessage();
    this.message.querySelector<HTMLElement>("[data-yes]")?.focus();
  }

  private send(confirmed: boolean): void {
    this.asking = "";
    this.model.send({ kind: "launch", confirmed });
    this.drawMessage();
  }

  private drawMessage(): void {
    const problem = this.model.get("problem");
    const blocked = this.model.get("blocked");
    const count = this.model.get("view").count ?? 0;
    if (this.asking) this.message.replaceChildren(this.question());
    else if (problem.message) this.message.replaceChildren(problemBox(problem));
    else if (blocked && count > 0) {
      this.message.replaceChildren(h("p", { class: "ops-muted" }, blocked));
    } else this.message.replaceChildren();
  }

  private question(): HTMLElement {
    const no = (): void => {
      this.asking = "";
      this.drawMessage();
      this.button.focus();
    };
    const confirmed = this.model.get("confirm") !== "";
    return h(
      "div",
      {
        class: "ops-swp-question",
        role: "alertdialog",
        "aria-label": "Confirm the launch",
        onkeydown: (event: Event) => {
          if ((event as KeyboardEvent).key === "Escape") no();
        },
      },
      h("span", {}, this.asking),
      h(
        "button",
        {
          class: "ops-button ops-primary",
          type: "button",
          "data-yes": true,
          onclick: () => this.send(confirmed),
        },
        "Launch",
      ),
      h(
        "button",
        { class: "ops-button ops-quiet", type: "button", onclick: no },
        "Cancel",
      ),
    );
  }
}

function problemBox(problem: Model["problem"]): HTMLElement {
  return h(
    "div",
    { class: "ops-swp-problem", role: "alert" },
    `${problem.message} ${problem.next_step ?? ""}`.trim(),
    problem.details &&
      h(
        "details",
        {},
        h("summary", {}, "Details"),
        h("pre", { class: "ops-code" }, problem.details),
      ),
  );
}
