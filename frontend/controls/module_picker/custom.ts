// A package or module outside the configuration: typed, then confirmed by name.
import { h } from "../shared/dom";

const DOTTED = /^[^\W\d]\w*(\.[^\W\d]\w*)*$/u;

export interface CustomBox {
  element: HTMLElement;
  open: () => void;
  close: () => void;
}

/** Two steps: type the name; confirm it, with what it means written out. */
export function customBox(confirm: (name: string) => void): CustomBox {
  const element = h("div", { class: "ops-picker-custom", hidden: true });
  const close = (): void => {
    element.hidden = true;
    element.replaceChildren();
  };
  const open = (): void => {
    element.hidden = false;
    element.replaceChildren(askName(done, close));
    element.querySelector("input")?.focus();
  };
  const done = (name: string): void => {
    const accept = (): void => {
      close();
      confirm(name);
    };
    element.replaceChildren(askConfirmation(name, accept, close));
    element.querySelector<HTMLElement>(".ops-primary")?.focus();
  };
  return { element, open, close };
}

function askName(done: (name: string) => void, cancel: () => void): HTMLElement {
  const problem = h("div", { class: "ops-error-text", role: "alert" });
  const field = h("input", {
    class: "ops-input",
    placeholder: "e.g. qf.tools or json.tool",
    "aria-label": "Package or module, dotted",
    autocomplete: "off",
    spellcheck: "false",
  });
  const submit = (event: Event): void => {
    event.preventDefault();
    const name = field.value.trim();
    if (DOTTED.test(name)) done(name);
    else
      problem.textContent = "Write a dotted name as after python -m, like json.tool.";
  };
  return h(
    "form",
    { onsubmit: submit },
    field,
    problem,
    h(
      "div",
      { class: "ops-picker-line" },
      h("button", { class: "ops-button", type: "submit" }, "Next"),
      h(
        "button",
        { class: "ops-button ops-quiet", type: "button", onclick: cancel },
        "Cancel",
      ),
    ),
  );
}

function askConfirmation(
  name: string,
  accept: () => void,
  cancel: () => void,
): HTMLElement {
  return h(
    "div",
    { role: "alertdialog", "aria-label": `Confirm ${name}` },
    h(
      "p",
      {},
      h("b", {}, name),
      " is outside the configured packages. Opening it starts its code to read its " +
        "arguments, with your rights.",
    ),
    h(
      "div",
      { class: "ops-picker-line" },
      h(
        "button",
        { class: "ops-button ops-primary", type: "button", onclick: accept },
        `Open ${name}`,
      ),
      h(
        "button",
        { class: "ops-button ops-quiet", type: "button", onclick: cancel },
        "Cancel",
      ),
    ),
  );
}
