// Notices: one sentence, its next step, details folded out, and a way to dismiss.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { prose } from "../shared/prose";
import type { Model, Notice } from "./traits";

export function drawNotices(area: HTMLElement, model: AnyModel<Model>): void {
  const notices = model.get("notices") ?? [];
  area.replaceChildren(...notices.map((notice) => drawNotice(notice, model)));
}

function drawNotice(notice: Notice, model: AnyModel<Model>): HTMLElement {
  const look = notice.level === "info" ? "info" : "warning";
  return h(
    "div",
    { class: "ops-notice", "data-level": notice.level },
    icon(look, 14),
    h(
      "div",
      { class: "ops-notice-text" },
      h("span", {}, ...prose(notice.message)),
      notice.next_step
        ? h("span", { class: "ops-muted" }, " ", ...prose(notice.next_step))
        : null,
      notice.details ? details(notice.details) : null,
    ),
    h(
      "button",
      {
        class: "ops-button ops-quiet ops-icon-button",
        type: "button",
        "aria-label": "Dismiss",
        title: "Dismiss",
        onclick: () => model.send({ kind: "dismiss", id: notice.id }),
      },
      icon("close"),
    ),
  );
}

function details(text: string): HTMLElement {
  return h(
    "details",
    { class: "ops-notice-details" },
    h("summary", {}, "Details"),
    h("pre", { class: "ops-code" }, text),
  );
}
