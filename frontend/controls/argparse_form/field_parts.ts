// The parts of a field's row around its control: name, help, what it is about.
import { h } from "../shared/dom";
import { prose } from "../shared/prose";
import { hint, isRequired } from "./meaning";
import type { Argument } from "./spec";

export interface LabelProps {
  /** What the label is for. */
  target: string;
  name: string;
  /** What stands before the name: the radio button of an exclusive group. */
  lead?: HTMLElement | undefined;
  focus: () => void;
}

export function label(argument: Argument, props: LabelProps): HTMLElement {
  const options = (argument.option_strings ?? []).join(", ");
  const tags = [
    argument.deprecated ? "deprecated" : "",
    argument.hidden ? "hidden" : "",
  ].filter(Boolean);
  return h(
    "div",
    { class: "ops-field-name", title: options || `positional ${props.name}` },
    props.lead,
    h("label", { for: props.target, onclick: props.focus }, props.name),
    isRequired(argument) ? requiredMark() : null,
    ...tags.map((tag) => h("span", { class: "ops-tag" }, tag)),
    h("span", { class: "ops-visually-hidden ops-changed-word" }, ", changed"),
  );
}

export function requiredMark(): HTMLElement {
  return h(
    "span",
    { class: "ops-required", title: "Required" },
    h("span", { "aria-hidden": "true" }, " *"),
    h("span", { class: "ops-visually-hidden" }, " (required)"),
  );
}

/** Help of more characters, or of more lines, is folded. */
const LONG = 240;
const TALL = 7;

export function help(argument: Argument, id: string): HTMLElement {
  const said = (argument.help ?? "").trim();
  const more = hint(argument);
  const hinted = more
    ? h("span", { class: "ops-field-hint" }, said ? ` (${more})` : more)
    : null;
  if (said.length < LONG && said.split("\n").length < TALL) {
    return h("div", { class: "ops-field-help", id, dir: "auto" }, said, hinted);
  }
  return h(
    "div",
    { class: "ops-field-help" },
    h("div", { class: "ops-field-said", id, dir: "auto" }, said, hinted),
    unfold(),
  );
}

function unfold(): HTMLElement {
  const button = h(
    "button",
    {
      class: "ops-button ops-quiet ops-field-more",
      type: "button",
      "aria-expanded": "false",
      onclick: () => {
        const open = button.getAttribute("aria-expanded") !== "true";
        button.setAttribute("aria-expanded", String(open));
        button.textContent = open ? "less" : "more";
      },
    },
    "more",
  );
  return button;
}

const DESCRIBED = "input, textarea, select, [role='radiogroup'], [role='spinbutton']";

/** Tell a control's elements what describes them, and whether they must be filled. */
export function describe(slot: HTMLElement, argument: Argument, ids: string): void {
  for (const element of slot.querySelectorAll<HTMLElement>(DESCRIBED)) {
    const type = element.getAttribute("type");
    if (type === "radio") continue; // its group is described
    element.setAttribute("aria-describedby", ids);
    if (isRequired(argument)) element.setAttribute("aria-required", "true");
  }
}

/** Show a sentence below a field, and mark what it is about. */
export function showError(
  element: HTMLElement,
  message: HTMLElement,
  text: string,
): void {
  if (message.dataset["text"] === text) return;
  message.dataset["text"] = text;
  message.replaceChildren(...prose(text));
  markInvalid(element, text !== "");
}

export function markInvalid(element: HTMLElement, isWrong: boolean): void {
  element.classList.toggle("ops-invalid", isWrong);
  for (const input of element.querySelectorAll<HTMLElement>(DESCRIBED)) {
    const type = input.getAttribute("type");
    if (type === "radio" || type === "checkbox") continue;
    if (isWrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
}
