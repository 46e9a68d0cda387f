// Inputs for names: the heading that can be renamed, and "add …" with its field.
import { h, icon } from "../shared/dom";

export interface NameField {
  element: HTMLElement;
  refuse(message: string): void;
  clear(): void;
}

export interface Heading extends NameField {
  update(name: string, readonly: boolean): void;
}

/** A heading that is an input: a new name is sent on Enter or when it is left. */
export function nameField(rename: (to: string) => void): Heading {
  const problem = problemText();
  const input = h("input", {
    class: "ops-input ops-config-title",
    "aria-label": "Name of the environment",
    spellcheck: "false",
    autocomplete: "off",
    size: "12",
  });
  let name = "";
  input.addEventListener("change", () => {
    mark(input, problem, "");
    if (input.value.trim() !== name) rename(input.value.trim());
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") input.blur();
    if (event.key === "Escape") input.value = name;
  });
  return {
    element: h("div", { class: "ops-config-heading" }, input, problem),
    update(now, readonly) {
      input.readOnly = readonly;
      if (now === name) return;
      name = now;
      input.value = now;
      mark(input, problem, "");
    },
    refuse: (message) => mark(input, problem, message),
    clear: () => mark(input, problem, ""),
  };
}

/** A button that becomes an input with Add and Cancel. */
export function addField(
  label: string,
  placeholder: string,
  add: (name: string) => void,
): NameField {
  const problem = problemText();
  const open = h(
    "button",
    { class: "ops-button ops-quiet", type: "button" },
    icon("plus"),
    label,
  );
  const input = h("input", {
    class: "ops-input ops-code",
    placeholder,
    "aria-label": `${label}: name`,
    spellcheck: "false",
    autocomplete: "off",
  });
  const cancel = h("button", { class: "ops-button", type: "button" }, "Cancel");
  const submit = h("button", { class: "ops-button", type: "submit" }, "Add");
  const form = h(
    "form",
    { class: "ops-config-add", hidden: true },
    input,
    submit,
    cancel,
    problem,
  );
  const show = (editing: boolean): void => {
    form.hidden = !editing;
    open.hidden = editing;
    mark(input, problem, "");
    input.value = "";
    if (editing) input.focus();
  };
  const close = (): void => {
    show(false);
    open.focus();
  };
  open.addEventListener("click", () => show(true));
  cancel.addEventListener("click", close);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const name = input.value.trim();
    if (name) add(name);
    else mark(input, problem, "Give it a name.");
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  return {
    element: h("div", { class: "ops-config-adder" }, open, form),
    refuse: (message) => mark(input, problem, message),
    clear: () => show(false),
  };
}

function problemText(): HTMLElement {
  return h("p", {
    class: "ops-config-problem",
    "data-tone": "error",
    role: "alert",
  });
}

function mark(input: HTMLInputElement, problem: HTMLElement, message: string): void {
  input.setAttribute("aria-invalid", String(message.length > 0));
  problem.replaceChildren(
    ...(message ? [icon("warning"), h("span", {}, message)] : []),
  );
}
