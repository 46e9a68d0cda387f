// Rows that grow: Enter adds one, Backspace in an empty one removes it, a handle moves it,
// and a pasted column becomes as many.
import { h, icon } from "../shared/dom";
import type { ControlProps } from "./controls";
import { itemOf } from "./meaning";
import { draggable } from "./dragging";

interface Growing<T> {
  props: ControlProps;
  given: readonly T[];
  draw: (
    at: number,
    value: T | undefined,
    set: (value: T | undefined) => void,
  ) => HTMLElement;
  change: (values: T[] | undefined) => void;
  /** Each row is one text, so that a pasted column can be spread over rows. */
  split?: boolean;
}

const FIELDS = "input, textarea";

export function growing<T>(growth: Growing<T>): HTMLElement {
  const { props } = growth;
  let values: (T | undefined)[] = [...growth.given];
  if (values.length === 0) values.push(undefined);
  const rows = h("div", { class: "ops-rows" });
  const emit = (): void => {
    const filled = values.filter((value): value is T => value !== undefined);
    growth.change(filled.length > 0 ? filled : undefined);
  };
  const show = (focus = -1, part = FIELDS): void => {
    rows.replaceChildren(...values.map((value, at) => row(value, at)));
    rows.children[focus]?.querySelector<HTMLElement>(part)?.focus();
  };
  /** Put the rows into another order, or with some gone or new (-1). */
  const arrange = (order: readonly number[], focus: number, part?: string): void => {
    const words = values.map((_, at) => props.typed(at));
    values = order.map((from) => values[from]);
    const most = Math.max(order.length, words.length);
    for (let at = 0; at < most; at++) props.setTyped(at, words[order[at] ?? -1]);
    if (values.length === 0) values.push(undefined);
    show(focus, part);
    emit();
  };
  const others = (at: number): number[] =>
    values.map((_, place) => place).filter((place) => place !== at);
  const add = (after: number): void =>
    arrange(inserted(others(-1), after + 1, -1), after + 1);
  const remove = (at: number): void => arrange(others(at), Math.max(at - 1, 0));
  const move = (from: number, to: number): void => {
    if (to < 0 || to >= values.length) return;
    arrange(inserted(others(from), to, from), to, ".ops-grip");
  };
  const row = (value: T | undefined, at: number): HTMLElement => {
    const field = growth.draw(at, value, (changed) => {
      values[at] = changed;
      emit();
    });
    const isOnly = values.length === 1;
    const grip = isOnly ? null : handle(props, at, (by) => move(at, at + by));
    const made = h(
      "div",
      { class: "ops-row", onkeydown: (event) => pressed(event as KeyboardEvent, at) },
      grip,
      h("div", { class: "ops-row-field" }, field),
      isOnly ? null : removeButton(props, at, () => remove(at)),
      at === values.length - 1 ? addButton(props, () => add(at)) : null,
    );
    if (grip) draggable(grip, made, rows, (to) => move(at, to));
    return made;
  };
  const pressed = (event: KeyboardEvent, at: number): void => {
    const field = event.target;
    const isPlain = !event.ctrlKey && !event.shiftKey && !event.metaKey;
    if (!(field instanceof HTMLInputElement) || !isPlain || event.defaultPrevented)
      return;
    if (event.key === "Enter") add(at);
    else if (event.key === "Backspace" && field.value === "" && values.length > 1) {
      if (values[at] !== undefined) return;
      remove(at);
    } else return;
    event.preventDefault();
  };
  const pasted = (event: ClipboardEvent): void => {
    const lines = linesOf(event.clipboardData?.getData("text") ?? "", props);
    const at = [...rows.children].findIndex((one) =>
      one.contains(event.target as Node),
    );
    const value = values[at];
    if (lines.length < 2 || at < 0 || (value !== undefined && value !== "")) return;
    event.preventDefault();
    event.stopPropagation();
    const after = at + lines.length;
    const words = values.map((_, place) => props.typed(place));
    values.splice(at, 1, ...(lines as T[]));
    words.splice(at, 1, ...lines.map(() => undefined));
    words.forEach((word, place) => props.setTyped(place, word));
    show(after - 1);
    emit();
  };
  if (growth.split) rows.addEventListener("paste", pasted, { capture: true });
  show();
  const group = { role: "group", "aria-label": props.name, id: props.id };
  return h("div", { class: "ops-list", ...group }, rows);
}

function inserted(list: readonly number[], at: number, place: number): number[] {
  return [...list.slice(0, at), place, ...list.slice(at)];
}

/** A pasted column or list as its values; what is one value stays one. */
function linesOf(text: string, props: ControlProps): string[] {
  const isText = ["text", "path", "secret"].includes(itemOf(props.argument));
  const parts = text.trim().split(isText ? /\r\n?|\n/ : /[\s,;]+/);
  return parts.filter((part) => part !== "");
}

function handle(
  props: ControlProps,
  at: number,
  move: (by: number) => void,
): HTMLButtonElement {
  return h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button ops-grip",
      type: "button",
      title: "Drag, or press the arrow keys, to move it",
      "aria-label": `Move value ${at + 1} of ${props.name}`,
      onkeydown: (event) => {
        const key = event as KeyboardEvent;
        const by = key.key === "ArrowUp" ? -1 : key.key === "ArrowDown" ? 1 : 0;
        if (by === 0) return;
        key.preventDefault();
        move(by);
      },
    },
    icon("grip"),
  );
}

function addButton(props: ControlProps, add: () => void): HTMLButtonElement {
  return h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button ops-add",
      type: "button",
      title: "Add a value (Enter)",
      "aria-label": `Add a value to ${props.name}`,
      onclick: add,
    },
    icon("plus"),
  );
}

function removeButton(
  props: ControlProps,
  at: number,
  remove: () => void,
): HTMLButtonElement {
  return h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button",
      type: "button",
      title: "Remove this value",
      "aria-label": `Remove value ${at + 1} of ${props.name}`,
      onclick: remove,
    },
    icon("close"),
  );
}
