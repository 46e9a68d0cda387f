// What is said below the bar: what was done, what differs, what went wrong.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { prose } from "../shared/prose";
import type { Drift, Model, Problem, Send } from "./traits";

export function notes(model: AnyModel<Model>, send: Send): HTMLElement[] {
  const busy = model.get("busy");
  const status = model.get("status");
  return [
    ...failure(model.get("problem")),
    ...(busy ? [line(spinner(), busy)] : []),
    ...(!busy && status.text ? [said(status.text, !!status.undo, send)] : []),
    ...drifted(model.get("drift")),
  ];
}

function line(...children: (Node | string)[]): HTMLElement {
  return h("p", { class: "ops-preset-said ops-muted" }, ...children);
}

function spinner(): HTMLElement {
  return h("span", { class: "ops-spinner", "aria-hidden": "true" });
}

function said(text: string, undo: boolean, send: Send): HTMLElement {
  const button = h(
    "button",
    { class: "ops-link", type: "button", onclick: () => send("undo") },
    "Undo",
  );
  return line(h("span", {}, text), ...(undo ? [button] : []));
}

function failure(problem: Problem): HTMLElement[] {
  if (!problem.message) return [];
  return [
    h(
      "div",
      { class: "ops-preset-note", "data-tone": "error", role: "alert" },
      icon("warning", 14),
      h(
        "div",
        {},
        h("b", {}, ...prose(problem.message)),
        " ",
        ...prose(problem.next_step ?? ""),
      ),
    ),
  ];
}

function drifted(drift: Drift): HTMLElement[] {
  const secrets = drift.secrets ?? [];
  const told: HTMLElement[] = [];
  if (drift.sentence) told.push(differences(drift));
  if (secrets.length) {
    const text = `Secrets are not kept: type ${secrets.join(", ")} before you run.`;
    told.push(note("info", h("span", {}, ...unbroken(text))));
  }
  return told;
}

function differences(drift: Drift): HTMLElement {
  const changed = Object.entries(drift.changed ?? {});
  const lost = new Set(drift.lost ?? []);
  const rows: [string, string][] = [
    ...(drift.went ?? []).map((path): [string, string] => [
      path,
      lost.has(path) ? "went; its value is left out" : "went",
    ]),
    ...(drift.came ?? []).map((path): [string, string] => [path, "came"]),
    ...changed,
  ];
  return note(
    "warn",
    h("span", {}, ...unbroken(drift.sentence ?? "")),
    h(
      "details",
      {},
      h("summary", {}, "What differs"),
      h(
        "dl",
        {},
        ...rows.flatMap(([path, text]) => [
          h("dt", { class: "ops-code" }, path),
          h("dd", {}, text),
        ]),
      ),
    ),
  );
}

/** A text whose option names are not broken at their dashes. */
function unbroken(text: string): (Node | string)[] {
  return text
    .split(/(\s+)/)
    .map((word) =>
      word.startsWith("-")
        ? h("span", { class: "ops-preset-option-name" }, word)
        : word,
    );
}

function note(tone: string, ...children: HTMLElement[]): HTMLElement {
  return h(
    "div",
    { class: "ops-preset-note", "data-tone": tone, role: "status" },
    icon(tone === "info" ? "info" : "warning", 14),
    h("div", {}, ...children),
  );
}
