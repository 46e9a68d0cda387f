// One swept field: which one, what it is swept over, and what that comes to.
import { h, icon } from "../shared/dom.ts";
import { prose } from "../shared/prose.ts";
import type { FieldText, FieldView, Option } from "./traits.ts";

export interface RowEvents {
  changed: (row: FieldText) => void;
  removed: () => void;
}

/** A row that keeps its text field while what is said about it changes. */
export class FieldRow {
  readonly element: HTMLElement;
  private readonly select: HTMLSelectElement;
  private readonly input: HTMLInputElement;
  private readonly said: HTMLElement;
  private options: readonly Option[] = [];

  constructor(
    id: string,
    private value: FieldText,
    private readonly events: RowEvents,
  ) {
    this.said = h("div", { class: "ops-swp-said", id: `${id}-said`, role: "status" });
    this.select = h("select", {
      class: "ops-input ops-swp-field",
      "aria-label": "Swept field",
      onchange: () => {
        this.value = { ...this.value, path: this.select.value };
        this.hint();
        this.events.changed(this.value);
        this.input.focus();
      },
    });
    this.input = h("input", {
      class: "ops-input ops-code ops-swp-text",
      type: "text",
      spellcheck: "false",
      autocomplete: "off",
      "aria-describedby": `${id}-said`,
      oninput: () => {
        this.value = { ...this.value, text: this.input.value };
        this.events.changed(this.value);
      },
    });
    this.input.value = value.text;
    this.element = h(
      "div",
      { class: "ops-swp-row" },
      this.select,
      this.input,
      h(
        "button",
        {
          class: "ops-button ops-quiet ops-icon-button",
          type: "button",
          title: "Do not sweep this field",
          "aria-label": "Remove this field",
          onclick: () => this.events.removed(),
        },
        icon("close"),
      ),
      this.said,
    );
  }

  get path(): string {
    return this.value.path;
  }

  focus(): void {
    if (this.value.path) this.input.focus();
    else this.select.focus();
  }

  /** Offer the fields that no other row has. */
  offer(options: readonly Option[], taken: ReadonlySet<string>): void {
    this.options = options;
    const free = options.filter(
      (option) => option.path === this.value.path || !taken.has(option.path),
    );
    this.select.replaceChildren(
      ...(this.value.path ? [] : [h("option", { value: "" }, "Choose a field")]),
      ...free.map((option) => h("option", { value: option.path }, option.label)),
    );
    this.select.value = this.value.path;
    this.hint();
  }

  /** Take what Python has, unless it is what the user is typing. */
  set(value: FieldText): void {
    this.value = value;
    if (this.input.value !== value.text) this.input.value = value.text;
  }

  /** Say what it comes to. */
  say(view: FieldView | undefined): void {
    const wrong = view !== undefined && view.error !== "" && this.value.text !== "";
    this.element.toggleAttribute("data-wrong", wrong);
    this.input.setAttribute("aria-invalid", String(wrong));
    if (wrong) this.said.replaceChildren(...prose(view.error));
    else if (view && view.linked)
      this.said.replaceChildren("follows ", code(view.first));
    else if (view && view.count > 0) this.said.replaceChildren(...told(view));
    else this.said.replaceChildren();
  }

  private hint(): void {
    const option = this.options.find((one) => one.path === this.value.path);
    this.input.placeholder = option?.hint ?? "";
    this.input.setAttribute("aria-label", `Values of ${option?.label ?? "the field"}`);
    this.input.disabled = !this.value.path;
  }
}

function told(view: FieldView): (Node | string)[] {
  if (view.count === 1) return ["1 value: ", code(view.first)];
  const noun = view.noun || "values";
  const count = `${view.count.toLocaleString()} ${noun}: `;
  return [count, code(view.first), " … ", code(view.last)];
}

function code(text: string): HTMLElement {
  return h("span", { class: "ops-code" }, text);
}
