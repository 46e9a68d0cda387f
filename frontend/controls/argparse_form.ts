// The form of a module: controls by meaning, checked while typed, values out.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, icon } from "./shared/dom";
import { keepKeys } from "./shared/keys";
import { hear, save, settle, together, watch } from "./shared/watch";
import { checkShell, problems } from "./argparse_form/check";
import type { FieldView, FormContext } from "./argparse_form/field";
import { head, search } from "./argparse_form/head";
import { parserSections } from "./argparse_form/layout";
import { plainSections, tokenProblems } from "./argparse_form/plain";
import type { ModuleSpec, Values } from "./argparse_form/spec";
import { FormState } from "./argparse_form/state";

export interface Problem {
  module?: string;
  message: string;
  next_step?: string;
  details?: string;
}

interface Model {
  spec: ModuleSpec | Record<string, never>;
  values: Values;
  tokens: Record<string, string>;
  variables: Record<string, string>;
  extra_args: string;
  requested_by: string;
  show_requested_by: boolean;
  errors: Record<string, string>;
  invalid: Record<string, string>;
  loading: boolean;
  problem: Problem | Record<string, never>;
  by_hand: boolean;
  empty: string;
  starters: { name: string; title: string; package: string }[];
  label: string;
}

const STATUS_TRAITS = ["loading", "problem", "empty", "starters", "spec"];
const SETTLE_MS = 120;
let forms = 0;

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-argparse_form");
  keepKeys(el);
  const prefix = `ops-form-${++forms}`;
  const views = new Map<string, FieldView>();
  let sent = "";
  const send = settle(() => {
    const values = state.root;
    sent = JSON.stringify(values);
    save(model, {
      values: structuredClone(values),
      invalid: invalid(model, values),
    });
  }, SETTLE_MS);
  const state = new FormState(() => {
    finder?.update();
    send.later();
  });
  const context: FormContext = {
    state,
    views,
    prefix,
    errors: () => model.get("errors"),
    hooks: {},
  };
  let finder: ReturnType<typeof search> | undefined;

  const status = h("div", { class: "ops-form-status" });
  const body = h("div", { class: "ops-form-body" });
  el.append(status, body);
  const drawStatus = (): void => {
    el.setAttribute("aria-busy", String(model.get("loading")));
    status.replaceChildren(...around(model));
  };
  const draw = (): void => {
    const spec = model.get("spec") as ModuleSpec;
    views.clear();
    state.root = structuredClone(model.get("values") ?? {});
    sent = JSON.stringify(state.root);
    finder = spec.module ? search(body, views) : undefined;
    if (finder) body.replaceChildren(...content(model, context, spec, finder));
    else
      body.replaceChildren(...(model.get("by_hand") ? [further(model, context)] : []));
    finder?.update();
    if (spec.module) save(model, { invalid: invalid(model, state.root) });
  };
  const refresh = (): void => {
    const all = el.querySelector(".ops-form-error");
    all?.replaceWith(formError(model));
    for (const view of views.values()) view.refresh();
  };

  drawStatus();
  draw();
  watch(model, STATUS_TRAITS, signal, together(drawStatus));
  watch(model, ["spec"], signal, () => {
    state.touched.clear();
    state.typed.clear();
    state.showAll = false;
    el.scrollTop = 0;
  });
  // Traits that arrive together are drawn together.
  const redraw = together(draw);
  watch(model, ["spec", "by_hand"], signal, redraw);
  watch(model, ["errors"], signal, refresh);
  watch(model, ["values"], signal, () => {
    if (JSON.stringify(model.get("values")) !== sent) redraw();
  });
  hear(model, "show_errors", signal, () => {
    state.showAll = true;
    refresh();
    const first = el.querySelector<HTMLElement>(".ops-invalid");
    first?.scrollIntoView({ block: "center" });
    first?.querySelector<HTMLElement>("input, select, button")?.focus();
  });
  // What is typed must have been sent before anything outside the form is pressed.
  el.addEventListener("focusout", () => send.now());
  el.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send.now();
  });
}

function invalid(model: AnyModel<Model>, values: Values): Record<string, string> {
  const spec = model.get("spec") as ModuleSpec;
  const found = spec.parser ? problems(spec.parser, values) : {};
  const free = checkShell(model.get("extra_args"));
  return {
    ...found,
    ...(spec.kind === "plain" ? tokenProblems(model.get("tokens")) : {}),
    ...(free ? { "extra arguments": free } : {}),
  };
}

/** What stands before a form: a spinner, a problem, or what to do first. */
function around(model: AnyModel<Model>): HTMLElement[] {
  const problem = model.get("problem");
  if (problem.message) {
    const module = problem.module ?? "";
    const named = module ? head({ module, kind: "" }) : [];
    return [
      h("div", { class: "ops-form-failed" }, ...named),
      problemBox(problem as Problem),
    ];
  }
  const known = !!(model.get("spec") as ModuleSpec).module;
  if (model.get("loading")) {
    const text = known
      ? "Reading the arguments again\u2026"
      : "Reading the arguments\u2026";
    return [
      h(
        "div",
        {
          class: known ? "ops-form-loading ops-thin" : "ops-form-loading",
          role: "status",
        },
        h("span", { class: "ops-spinner", "aria-hidden": "true" }),
        text,
      ),
    ];
  }
  return known ? [] : welcome(model);
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
      h("p", {}, h("b", {}, problem.message)),
      problem.next_step ? h("p", {}, problem.next_step) : null,
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

function content(
  model: AnyModel<Model>,
  context: FormContext,
  spec: ModuleSpec,
  finder: ReturnType<typeof search>,
): HTMLElement[] {
  const sections = parserSections(context, spec.parser ?? {});
  if (spec.kind === "plain") {
    // What its source names is in the parser; the rest is offered for what it does not.
    const values = { tokens: model.get("tokens"), variables: model.get("variables") };
    const offerDates = sections.length === 0;
    sections.push(
      ...plainSections(values, context.prefix, offerDates, (changed) => {
        model.set("tokens", changed.tokens);
        const wrong = invalid(model, context.state.root);
        save(model, { ...changed, invalid: wrong });
      }),
    );
  }
  if (sections.length === 0) {
    sections.push(
      h(
        "p",
        { class: "ops-section-text ops-muted" },
        "This module takes no arguments.",
      ),
    );
  }
  return [
    ...head(spec),
    finder.element,
    formError(model),
    ...sections,
    further(model, context),
  ];
}

function formError(model: AnyModel<Model>): HTMLElement {
  const text = model.get("errors")[""] ?? "";
  const role = text ? "alert" : "none";
  return h("p", { class: "ops-form-error ops-error-text", role, hidden: !text }, text);
}

/** What every form has: further arguments, and who asked. */
function further(model: AnyModel<Model>, context: FormContext): HTMLElement {
  const message = h("div", { class: "ops-field-error ops-error-text" });
  const extra = h("input", {
    class: "ops-input ops-code",
    id: `${context.prefix}-extra`,
    value: model.get("extra_args"),
    placeholder: "--option value",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      message.textContent = checkShell(extra.value);
      extra.setAttribute("aria-invalid", String(message.textContent !== ""));
      model.set("extra_args", extra.value);
      save(model, { invalid: invalid(model, context.state.root) });
    },
  });
  const asked = h("input", {
    class: "ops-input",
    id: `${context.prefix}-asked`,
    value: model.get("requested_by"),
    autocomplete: "off",
    oninput: () => save(model, { requested_by: asked.value }),
  });
  return h(
    "section",
    { class: "ops-section" },
    h("h3", { class: "ops-section-title" }, "This run"),
    row("extra arguments", extra, "Added at the end, split like in a shell", message),
    model.get("show_requested_by")
      ? row("requested by", asked, "Who asked for this run")
      : null,
  );
}

function row(
  name: string,
  input: HTMLInputElement,
  help: string,
  message?: HTMLElement,
): HTMLElement {
  return h(
    "div",
    { class: "ops-field" },
    h("div", { class: "ops-field-name" }, h("label", { for: input.id }, name)),
    h(
      "div",
      { class: "ops-field-control" },
      h("div", { class: "ops-field-slot" }, input),
      message ?? null,
    ),
    h("div", { class: "ops-field-help" }, help),
  );
}

export default { render };
