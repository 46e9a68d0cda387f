// The form's head: what the module is, what to know about it, and the field search.
import { h, icon } from "../shared/dom";
import type { ModuleSpec } from "./spec";

const LONG = 240;

export function head(spec: ModuleSpec): HTMLElement[] {
  const dot = spec.module.lastIndexOf(".");
  const packageName = dot < 0 ? "" : spec.module.slice(0, dot);
  const said = (spec.parser?.description ?? "").trim() || (spec.title ?? "");
  return [
    h(
      "div",
      { class: "ops-form-head" },
      h("h2", { class: "ops-form-title" }, spec.module.slice(dot + 1)),
      h(
        "span",
        { class: "ops-form-origin ops-muted", title: spec.module },
        [spec.kind, packageName].filter(Boolean).join(" \u00b7 "),
      ),
    ),
    ...description(said),
    ...(spec.warnings ?? []).map((warning) =>
      h("p", { class: "ops-form-warning" }, icon("warning"), h("span", {}, warning)),
    ),
  ];
}

/** A long description folds: the fields matter more. */
function description(text: string): HTMLElement[] {
  if (!text) return [];
  if (text.length <= LONG) return [h("p", { class: "ops-form-text" }, text)];
  const cut = text.slice(0, LONG - 40).replace(/\s+\S*$/, "");
  return [
    h(
      "details",
      { class: "ops-form-text ops-fold" },
      h("summary", {}, `${cut}\u2026`),
      h("p", {}, text),
    ),
  ];
}
