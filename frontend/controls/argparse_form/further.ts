// What every form has at its end: further arguments, and who asked.
import type { AnyModel } from "@anywidget/types";
import { h } from "../shared/dom";
import { checkShell } from "./check";
import { tokens } from "./raw";
import { splitShell } from "./shell";
import type { Model } from "./traits";

/** The field of the extra arguments among those that are wrong. */
export const EXTRA = "extra arguments";

export function further(
  model: AnyModel<Model>,
  prefix: string,
  changed: () => void,
): HTMLElement {
  const message = h("div", { class: "ops-field-error ops-error-text" });
  const shown = tokens();
  const extra = h("input", {
    class: "ops-input ops-code",
    id: `${prefix}-extra`,
    value: model.get("extra_args"),
    placeholder: "--option value",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      model.set("extra_args", extra.value);
      show();
      changed();
    },
  });
  const show = (): void => {
    message.textContent = checkShell(extra.value);
    extra.setAttribute("aria-invalid", String(message.textContent !== ""));
    shown.show(splitShell(extra.value));
  };
  show();
  const asked = h("input", {
    class: "ops-input",
    id: `${prefix}-asked`,
    value: model.get("requested_by"),
    autocomplete: "off",
    oninput: () => {
      model.set("requested_by", asked.value);
      model.save_changes();
    },
  });
  const words = h("div", { class: "ops-raw" }, extra, shown.element, message);
  return h(
    "section",
    { class: "ops-section ops-always" },
    h("h3", { class: "ops-section-title" }, "This run"),
    row(EXTRA, extra.id, words, "Added at the end, split like in a shell"),
    model.get("show_requested_by")
      ? row("requested by", asked.id, asked, "Who asked for this run")
      : null,
  );
}

function row(
  name: string,
  id: string,
  control: HTMLElement,
  help: string,
): HTMLElement {
  return h(
    "div",
    { class: "ops-field", "data-id": name },
    h("div", { class: "ops-field-name" }, h("label", { for: id }, name)),
    h(
      "div",
      { class: "ops-field-control" },
      h("div", { class: "ops-field-slot" }, control),
    ),
    h("div", { class: "ops-field-help" }, help),
  );
}
