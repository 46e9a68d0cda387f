// What stands before a form or in place of one: a spinner, a problem, what to do first.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { prose } from "../shared/prose";
import { head } from "./head";
import type { Model, Problem } from "./traits";

export function around(model: AnyModel<Model>): HTMLElement[] {
  const problem = model.get("problem");
  if (problem.message) {
    const module = problem.module ?? "";
    const named = module ? head({ module, kind: "" }) : [];
    return [
      h("div", { class: "ops-form-failed" }, ...named),
      problemBox(problem as Problem),
    ];
  }
  const known = "module" in model.get("spec");
  if (model.get("loading")) return [loading(known)];
  if (!known) return welcome(model);
  return model.get("changes") ? [note(model)] : [];
}

function loading(known: boolean): HTMLElement {
  return h(
    "div",
    {
      class: known ? "ops-form-loading ops-thin" : "ops-form-loading",
      role: "status",
    },
    h("span", { class: "ops-spinner", "aria-hidden": "true" }),
    known ? "Reading the arguments again\u2026" : "Reading the arguments\u2026",
  );
}

/** A sentence about the form as a whole, until it has been read. */
function note(model: AnyModel<Model>): HTMLElement {
  const level = model.get("changes_level");
  return h(
    "div",
    { class: "ops-form-note", role: "status", "data-level": level },
    icon(level === "warn" ? "warning" : "info"),
    h("span", {}, ...prose(model.get("changes"))),
    h(
      "button",
      {
        class: "ops-button ops-quiet ops-icon-button",
        type: "button",
        "aria-label": "Close this note",
        onclick: () => {
          model.set("changes", "");
          model.save_changes();
        },
      },
      icon("close"),
    ),
  );
}

/** What to do first, with modules to do it with. */
function welcome(model: AnyModel<Model>): HTMLElement[] {
  const starters = model.get("starters").map((row) =>
    h(
      "button",
      {
        class: "ops-starter",
        type: "button",
        title: row.name,
        onclick: () => model.send({ kind: "pick", name: row.name }),
      },
      h("span", { class: "ops-starter-name" }, shortName(row)),
      h("span", { class: "ops-muted" }, row.title),
    ),
  );
  if (starters.length === 0) {
    return [h("p", { class: "ops-form-empty ops-muted" }, model.get("empty"))];
  }
  return [
    h(
      "div",
      { class: "ops-welcome" },
      h("h2", { class: "ops-form-title" }, "Run a module"),
      h(
        "p",
        { class: "ops-form-text" },
        "Pick a module from the list, fill in its form and press Run. It runs on its " +
          "own: it goes on when this page is closed.",
      ),
      h("p", { class: "ops-form-text" }, "Ready to run:"),
      h("div", { class: "ops-starters" }, ...starters),
    ),
  ];
}

function shortName(row: { name: string; package: string }): string {
  const prefix = `${row.package}.`;
  return row.name.startsWith(prefix) ? row.name.slice(prefix.length) : row.name;
}

function problemBox(problem: Problem): HTMLElement {
  return h(
    "div",
    { class: "ops-form-problem", role: "alert" },
    icon("warning", 14),
    h(
      "div",
      {},
      h("p", {}, h("b", {}, ...prose(problem.message))),
      problem.next_step ? h("p", {}, ...prose(problem.next_step)) : null,
      problem.details
        ? h(
            "details",
            {},
            h("summary", {}, "Details"),
            h("pre", { class: "ops-code" }, problem.details),
          )
        : null,
    ),
  );
}
