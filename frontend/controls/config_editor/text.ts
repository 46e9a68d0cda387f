// The raw text with line numbers; the line that cannot be read is marked.
import { h, icon } from "../shared/dom";
import { settle } from "../shared/watch";
import { TYPING_PAUSE_MS, type Model, type Send } from "./model";

export interface TextView {
  element: HTMLElement;
  draw(): void;
  flush(): void;
}

export function makeText(model: Model, send: Send): TextView {
  const gutter = h("div", {
    class: "ops-config-gutter",
    "aria-hidden": "true",
  });
  const area = h("textarea", {
    class: "ops-config-area ops-code",
    spellcheck: "false",
    autocomplete: "off",
    wrap: "off",
    "aria-label": "Text of the configuration file",
  });
  const message = h("p", { class: "ops-config-problem", "data-tone": "error" });
  message.id = `ops-config-text-${Math.random().toString(36).slice(2)}`;
  message.setAttribute("role", "status");
  area.setAttribute("aria-describedby", message.id);
  const box = h("div", { class: "ops-config-text ops-card" }, gutter, area);
  let typed = false;
  let sent = 0;

  const typing = settle(() => {
    if (!typed) return;
    typed = false;
    sent = send("text", { text: area.value });
  }, TYPING_PAUSE_MS);

  const number = (): void => {
    const count = area.value.split("\n").length;
    const wrong = typed ? 0 : (model.get("view").error?.line ?? 0);
    gutter.replaceChildren(
      ...Array.from({ length: count }, (_, index) =>
        h("div", { "data-wrong": index + 1 === wrong }, String(index + 1)),
      ),
    );
    area.rows = Math.min(Math.max(count, 12), 28);
    gutter.scrollTop = area.scrollTop;
  };
  area.addEventListener("input", () => {
    typed = true;
    number();
    typing.later();
  });
  area.addEventListener("change", typing.now);
  area.addEventListener("scroll", () => (gutter.scrollTop = area.scrollTop));

  const draw = (): void => {
    const { text, error, seen } = model.get("view");
    area.readOnly = model.get("readonly");
    if (!typed && seen >= sent && area.value !== text) area.value = text;
    message.replaceChildren(
      ...(error ? [icon("warning"), h("span", {}, error.message)] : []),
    );
    area.setAttribute("aria-invalid", String(error !== null));
    number();
  };
  const element = h("div", { class: "ops-config-raw" }, box, message);
  return { element, draw, flush: typing.now };
}
