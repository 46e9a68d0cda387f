// The dialog that lists the keys.
import { h, icon } from "../shared/dom";

const KEYS: [string[], string][] = [
  [["/"], "Filter the list on the page"],
  [["j", "k"], "Move down and up in a list (the arrow keys do too)"],
  [["Enter"], "Open what is selected"],
  [["s"], "Stop the run that is shown (asks first)"],
  [["p"], "Pause the run that is shown, or resume it"],
  [["Ctrl", "Enter"], "Run the module with the form's values"],
  [["1", "2", "3"], "Go to a page"],
  [["Esc"], "Leave a field, close what is open"],
  [["?"], "Show this list"],
];

/** A modal dialog and what opens it. */
export function helpDialog(): { element: HTMLDialogElement; open: () => void } {
  const rows = KEYS.map(([keys, text]) =>
    h(
      "div",
      { class: "ops-help-row" },
      h("dt", {}, ...keys.map((key) => h("kbd", { class: "ops-kbd" }, key))),
      h("dd", {}, text),
    ),
  );
  const element = h(
    "dialog",
    { class: "ops-help", "aria-label": "Keyboard shortcuts" },
    h(
      "div",
      { class: "ops-help-head" },
      h("h2", { class: "ops-heading" }, "Keys"),
      h(
        "button",
        {
          class: "ops-button ops-quiet ops-icon-button",
          type: "button",
          "aria-label": "Close",
          onclick: () => element.close(),
        },
        icon("close"),
      ),
    ),
    h("dl", {}, ...rows),
    h(
      "p",
      { class: "ops-muted" },
      "Keys work while the focus is in the panel and not in a text field.",
    ),
  );
  element.addEventListener("click", (event) => {
    if (event.target === element) element.close();
  });
  return { element, open: () => element.showModal() };
}
