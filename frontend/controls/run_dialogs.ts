// Dialogs of the runs: stop all that is one's own, and end a process by its number.
import type { RenderProps } from "@anywidget/types";
import { h, icon } from "./shared/dom";
import { keepKeys } from "./shared/keys";
import { hear, watch } from "./shared/watch";
import { killForm } from "./run_dialogs/kill";
import { stopAllForm } from "./run_dialogs/stop_all";
import type { Form, Model } from "./run_dialogs/traits";

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-run_dialogs");
  keepKeys(el);
  const forms: Record<string, Form> = {
    stop_all: stopAllForm(model, () => dialog.close()),
    kill: killForm(model, () => dialog.close()),
  };
  let shown: Form | undefined;
  const title = h("h2", { class: "ops-heading" });
  const body = h("div", {});
  const dialog = h(
    "dialog",
    { class: "ops-dialog", onclose: () => (shown = undefined) },
    h(
      "div",
      { class: "ops-dialog-head" },
      title,
      h(
        "button",
        {
          class: "ops-button ops-quiet ops-icon-button",
          type: "button",
          "aria-label": "Close",
          onclick: () => dialog.close(),
        },
        icon("close"),
      ),
    ),
    body,
  );
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  el.append(dialog);
  hear(model, "open", signal, (message) => {
    const form = forms[String(message["dialog"])];
    if (!form) return;
    shown = form;
    title.textContent = form.title;
    dialog.setAttribute("aria-label", form.title);
    body.replaceChildren(form.element);
    form.open();
    if (!dialog.open) dialog.showModal();
    form.focus();
  });
  hear(model, "close", signal, () => dialog.close());
  watch(model, ["mine", "process", "problem", "busy"], signal, () => shown?.update());
}

export default { render };
