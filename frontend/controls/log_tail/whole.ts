// A line that is shown cut, whole: in a sheet over the log.
import { copyText } from "../shared/clipboard.ts";
import { h, icon } from "../shared/dom.ts";
import type { Line } from "./protocol.ts";

export class WholeLine {
  readonly element = h("div", {
    class: "ops-log-sheet ops-card",
    role: "dialog",
    "aria-modal": "false",
    hidden: true,
    tabindex: -1,
  });

  constructor(private readonly closed: () => void) {
    this.element.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") this.close();
    });
  }

  show(line: Line): void {
    const title = `Line ${(line.number + line.lost + 1).toLocaleString()}`;
    const length = `${line.text.length.toLocaleString()} characters`;
    const more = line.cut ? "; the rest is in the download" : "";
    const copy = h(
      "button",
      { class: "ops-button", type: "button", onclick: () => void copyText(line.text) },
      icon("copy"),
      "Copy",
    );
    const close = h(
      "button",
      { class: "ops-button", type: "button", onclick: () => this.close() },
      "Close",
    );
    this.element.setAttribute("aria-label", title);
    this.element.replaceChildren(
      h(
        "div",
        { class: "ops-log-sheet-head" },
        h("strong", {}, title),
        h("span", { class: "ops-muted" }, length + more),
        copy,
        close,
      ),
      h("pre", { class: "ops-code", tabindex: 0 }, line.text),
    );
    this.element.hidden = false;
    close.focus();
  }

  close(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
    this.closed();
  }
}
