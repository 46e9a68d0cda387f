// Any text: also the empty one, one with several lines, one with spaces around it.
import { h, icon } from "../shared/dom";
import type { PathField } from "./hooks";
import { type ItemProps, bareInput } from "./inputs";
import { itemOf } from "./meaning";
import { revealed } from "./visible";

const MOST_ROWS = 12;

export function textValue(props: ItemProps): HTMLElement {
  return new TextValue(props).element;
}

class TextValue {
  readonly element: HTMLElement;
  private value: string | undefined;
  private readonly isSecret: boolean;
  private isShown: boolean;
  private field: HTMLInputElement | HTMLTextAreaElement;
  private readonly empty: HTMLElement;
  private readonly seen = h("div", { class: "ops-text-seen", hidden: true });
  private readonly remark = h("div", {
    class: "ops-text-remark",
    "aria-live": "polite",
  });
  private readonly line = h("div", { class: "ops-with-button" });

  constructor(private readonly props: ItemProps) {
    const item = itemOf(props.argument);
    this.value = props.value;
    this.isSecret = item === "secret";
    this.isShown = !this.isSecret;
    this.empty = this.emptyButton();
    this.field = this.input();
    this.line.append(this.field, this.empty);
    if (this.isSecret) this.line.append(this.eye());
    if (item === "path") this.offerPath();
    this.element = h("div", { class: "ops-text" }, this.line, this.seen, this.remark);
    this.show();
  }

  /** A field of one line, or of several where the value has them. */
  private input(): HTMLInputElement | HTMLTextAreaElement {
    const value = this.value ?? "";
    const isMeant = this.props.argument.form?.meaning === "multiline";
    const isLong = isMeant || value.includes("\n");
    const made = isLong
      ? lines(this.props, value)
      : bareInput({ ...this.props, value });
    made.oninput = () => this.set(made.value === "" ? undefined : made.value);
    made.onpaste = (event: ClipboardEvent) => this.pasted(event);
    made.addEventListener("keydown", (event: Event) => {
      const { key, shiftKey } = event as KeyboardEvent;
      if (key !== "Enter" || !shiftKey || isLong) return;
      event.preventDefault();
      this.insert("\n");
    });
    return made;
  }

  private set(value: string | undefined): void {
    this.value = value;
    this.props.change(value);
    this.show();
  }

  private redraw(): void {
    const fresh = this.input();
    this.field.replaceWith(fresh);
    this.field = fresh;
    this.show();
  }

  /** Put a text with new lines where the caret is. */
  private insert(text: string): void {
    const { field } = this;
    const [from, to] = [field.selectionStart ?? 0, field.selectionEnd ?? 0];
    const before = field.value.slice(0, from) + text;
    this.set(before + field.value.slice(to));
    this.redraw();
    this.field.focus();
    this.field.setSelectionRange(before.length, before.length);
  }

  private pasted(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text") ?? "";
    const copied = text.replace(/\r\n?/g, "\n").replace(/\n$/, ""); // a cell ends with one
    const isLong = this.field instanceof HTMLTextAreaElement;
    if (event.defaultPrevented || isLong || !copied.includes("\n")) return;
    event.preventDefault();
    this.insert(copied);
  }

  private show(): void {
    const { value, field, line, seen } = this;
    line.dataset["empty"] = value === "" ? "given" : value === undefined ? "none" : "";
    this.empty.setAttribute("aria-pressed", String(value === ""));
    field.placeholder = value === "" ? "an empty value" : this.props.placeholder;
    if (field instanceof HTMLTextAreaElement) {
      field.rows = Math.min(MOST_ROWS, field.value.split("\n").length + 1);
      field.classList.toggle("ops-masked", !this.isShown);
    } else field.type = this.isShown ? "text" : "password";
    if (this.isSecret) field.autocomplete = "new-password";
    const pieces = this.isShown ? revealed(value ?? "") : [];
    seen.hidden = pieces.length === 0;
    if (!seen.hidden) seen.replaceChildren(...marks(pieces));
  }

  private emptyButton(): HTMLElement {
    const { name } = this.props;
    return h(
      "button",
      {
        class: "ops-button ops-quiet ops-inside ops-empty-value",
        type: "button",
        title: "Give an empty value",
        "aria-label": `Give ${name} an empty value`,
        onclick: () => {
          this.set(this.value === "" ? undefined : "");
          this.field.focus();
        },
      },
      '""',
    );
  }

  private eye(): HTMLElement {
    const button = h("button", {
      class: "ops-button ops-quiet ops-icon-button ops-inside",
      type: "button",
      onclick: () => {
        this.isShown = !this.isShown;
        this.show();
        draw();
      },
    });
    const draw = (): void => {
      const word = this.isShown ? "Hide" : "Show";
      button.title = word;
      button.setAttribute("aria-label", `${word} ${this.props.name}`);
      button.replaceChildren(icon(this.isShown ? "hidden" : "eye"));
    };
    draw();
    return button;
  }

  private offerPath(): void {
    const { key, argument, name, hooks } = this.props;
    const path: PathField = {
      key,
      argument,
      name,
      value: () => this.value ?? "",
      fill: (text) => {
        this.set(text);
        this.redraw();
        this.props.left();
        hooks.pathSettled?.(path);
      },
      remark: (text) => (this.remark.textContent = text),
    };
    this.line.addEventListener("focusout", () => hooks.pathSettled?.(path));
    if (hooks.choosePath) this.line.append(hooks.choosePath(path));
    if (this.value) hooks.pathSettled?.(path);
  }
}

function lines(props: ItemProps, text: string): HTMLTextAreaElement {
  const area = h("textarea", {
    class: "ops-input ops-lines",
    id: props.id,
    "aria-label": props.name,
    spellcheck: "false",
    autocomplete: "off",
    onblur: props.left,
  });
  area.value = text;
  return area;
}

function marks(pieces: ReturnType<typeof revealed>): (Node | string)[] {
  const nodes = pieces.map(({ text, mark }) =>
    mark ? h("span", { class: "ops-mark", title: mark }, text) : text,
  );
  return ["passed as ", h("code", { class: "ops-code", dir: "ltr" }, ...nodes)];
}
