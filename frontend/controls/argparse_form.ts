// The form of a module: controls by meaning, checked while typed, values out.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h } from "./shared/dom";
import { isShortcut, keepKeys } from "./shared/keys";
import { hear, save, settle, together, watch } from "./shared/watch";
import { around } from "./argparse_form/around";
import { checkShell, problems } from "./argparse_form/check";
import { Calm } from "./argparse_form/calm";
import type { FieldView, FormContext } from "./argparse_form/context";
import { writeDate } from "./argparse_form/dates";
import { Drawing } from "./argparse_form/drawing";
import { EXTRA, further } from "./argparse_form/further";
import { head } from "./argparse_form/head";
import type { Hooks } from "./argparse_form/hooks";
import { pathHooks } from "./argparse_form/paths";
import { HostedControls } from "./argparse_form/hosted";
import { parserSections } from "./argparse_form/layout";
import { plainSections, tokenProblems } from "./argparse_form/plain";
import { type Search, search } from "./argparse_form/search";
import { refinedSpec } from "./argparse_form/refined";
import type { ModuleSpec } from "./argparse_form/spec";
import { FormState, pruned } from "./argparse_form/state";
import { summary } from "./argparse_form/summary";
import type { Model } from "./argparse_form/traits";
import { adopt, resolveAgain } from "./argparse_form/values_sync";

const STATUS_TRAITS = [
  "loading",
  "problem",
  "empty",
  "starters",
  "spec",
  "changes",
  "changes_level",
];
const TYPED = [
  "values",
  "tokens",
  "variables",
  "extra_args",
  "requested_by",
  "invalid",
] as const;
const SETTLE_MS = 120;
const DAY_CHECK_MS = 30_000;
let forms = 0;

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-argparse_form");
  keepKeys(el);
  const form = new Form(model, el, signal);
  form.draw();
  form.listen(signal);
}

class Form {
  private readonly views = new Map<string, FieldView>();
  private readonly state: FormState;
  private readonly context: FormContext;
  private readonly drawing = new Drawing();
  private readonly calm: Calm;
  private readonly showProblems = (): void => this.drawProblems();
  private readonly status = h("div", { class: "ops-form-status" });
  private readonly problems = h("div", { class: "ops-form-problems" });
  private readonly body = h("div", { class: "ops-form-body" });
  private readonly spoken = h("div", {
    class: "ops-visually-hidden",
    "aria-live": "polite",
  });
  /** What the module says of itself, as the form shows it. */
  private spec: ModuleSpec | undefined;
  private finder: Search | undefined;
  private module = "";
  private drawn = "";
  private sent = "";
  /** Whether something was typed since the last message that keeps its place. */
  private isAhead = false;
  private readonly send = settle(() => this.sendNow(), SETTLE_MS);

  constructor(
    private readonly model: AnyModel<Model>,
    private readonly el: HTMLElement,
    signal: AbortSignal | undefined,
  ) {
    this.calm = new Calm(signal);
    el.tabIndex = -1; // a press anywhere in the form puts its keys in force
    el.append(this.status, this.body, this.spoken);
    this.state = new FormState(() => this.changed());
    this.context = {
      state: this.state,
      views: this.views,
      prefix: `ops-form-${++forms}`,
      hooks: hooks(model, signal),
      errors: () => model.get("errors"),
      recent: () => model.get("recent"),
      sweep: (field) => {
        this.sendAhead();
        model.send({ kind: "sweep", field });
      },
      drawLater: (view) => this.drawing.add(view),
      whenCalm: (act) => this.calm.whenCalm(act),
      announce: (text) => (this.spoken.textContent = text),
      rearranged: () => this.finder?.apply(),
    };
  }

  draw(): void {
    const { model, state, body } = this;
    const given = model.get("spec") as ModuleSpec;
    const spec = (this.spec = refinedSpec(given));
    const focused = this.focusedKey();
    if (spec.module !== this.module) {
      state.forget();
      state.root = structuredClone(model.get("values") ?? {});
      this.el.scrollTop = 0;
    } else if (JSON.stringify(model.get("values")) !== this.sent) {
      state.root = structuredClone(model.get("values") ?? {});
    } else if (spec.parser) {
      state.root = pruned(spec.parser, state.root);
    }
    this.module = spec.module ?? "";
    this.drawn = looksOf(given);
    this.sent = JSON.stringify(state.root);
    this.views.clear();
    state.refused.clear();
    this.drawing.stop();
    this.drawing.restart();
    this.drawStatus();
    this.finder = spec.module ? search(body, this.views, state) : undefined;
    body.replaceChildren(
      ...(this.finder ? this.content(spec, this.finder) : this.byHand()),
    );
    this.finder?.apply();
    this.showProblems();
    if (spec.module) save(model, { invalid: this.invalid() });
    if (focused !== undefined) this.views.get(focused)?.focus();
  }

  listen(signal: AbortSignal | undefined): void {
    const { model, el } = this;
    // Traits that arrive together are drawn together.
    const redraw = together(() => this.draw());
    watch(
      model,
      STATUS_TRAITS,
      signal,
      together(() => this.drawStatus()),
    );
    watch(model, ["spec"], signal, () => {
      if (this.isNews(model.get("spec") as ModuleSpec)) redraw();
    });
    watch(model, ["by_hand"], signal, redraw);
    watch(model, ["errors"], signal, () => this.refresh());
    watch(
      model,
      ["values"],
      signal,
      together(() => this.valuesCame()),
    );
    let hosted = model.get("hosted");
    watch(model, ["hosted"], signal, () => {
      const before = hosted;
      hosted = model.get("hosted");
      for (const [key, view] of this.views) {
        if (before[key] !== hosted[key]) view.rebuild();
      }
    });
    watch(model, ["hosted_errors", "hosted_notes"], signal, () => {
      this.refresh();
      save(model, { invalid: this.invalid() });
    });
    hear(model, "show_errors", signal, (message) => {
      this.state.showAll = true;
      this.refresh();
      this.goTo(String(message["field"] ?? ""));
    });
    // What is typed must have been sent before anything outside the form is pressed.
    el.addEventListener("focusout", () => this.sendAhead());
    el.addEventListener("input", () => (this.isAhead = true));
    el.addEventListener("keydown", (event) => this.pressed(event));
    this.watchTheDay(signal);
  }

  /** Read again, a module may be as it was: its form stays as it is. */
  private isNews(spec: ModuleSpec): boolean {
    return looksOf(spec) !== this.drawn;
  }

  private content(spec: ModuleSpec, finder: Search): HTMLElement[] {
    const { model, context } = this;
    const sections = parserSections(context, spec.parser ?? {});
    if (spec.kind === "plain") {
      // What its source names is in the parser; the rest is offered for what it does not.
      const values = { tokens: model.get("tokens"), variables: model.get("variables") };
      const offerDates = sections.length === 0;
      sections.push(
        ...plainSections(values, context, offerDates, (changed) => {
          model.set("tokens", changed.tokens);
          save(model, { ...changed, invalid: this.invalid() });
        }),
      );
    }
    if (sections.length === 0) {
      const none = "This module takes no arguments.";
      sections.push(h("p", { class: "ops-section-text ops-muted" }, none));
    }
    return [...head(spec), finder.element, this.problems, ...sections, this.further()];
  }

  private byHand(): HTMLElement[] {
    return this.model.get("by_hand") ? [this.further()] : [];
  }

  private further(): HTMLElement {
    return further(this.model, this.context.prefix, () =>
      save(this.model, { invalid: this.invalid() }),
    );
  }

  private drawStatus(): void {
    this.el.setAttribute("aria-busy", String(this.model.get("loading")));
    this.status.replaceChildren(...around(this.model));
  }

  private changed(): void {
    this.isAhead = true;
    this.finder?.update();
    this.send.later();
  }

  private sendNow(): void {
    const values = structuredClone(this.state.root);
    this.sent = JSON.stringify(values);
    save(this.model, { values, invalid: this.invalid() });
    this.calm.whenCalm(this.showProblems);
  }

  /** Traits may be overtaken by messages: what a button acts on is sent as one. */
  private sendAhead(): void {
    if (!this.isAhead) return;
    this.isAhead = false;
    this.send.now();
    const state = Object.fromEntries(TYPED.map((name) => [name, this.model.get(name)]));
    this.model.send({ kind: "typed", state });
  }

  private invalid(): Record<string, string> {
    const spec = this.spec;
    const found = spec?.parser ? problems(spec.parser, this.state.root) : {};
    const free = checkShell(this.model.get("extra_args"));
    return {
      ...found,
      ...this.model.get("hosted_errors"),
      ...Object.fromEntries(this.state.refused),
      ...(spec?.kind === "plain" ? tokenProblems(this.model.get("tokens")) : {}),
      ...(free ? { [EXTRA]: free } : {}),
    };
  }

  private valuesCame(): void {
    const values = this.model.get("values") ?? {};
    const text = JSON.stringify(values);
    if (text === this.sent) return;
    this.sent = text;
    adopt(this.state, this.views, structuredClone(values));
    this.finder?.update();
    save(this.model, { invalid: this.invalid() });
    this.showProblems();
  }

  private refresh(): void {
    for (const view of this.views.values()) view.refresh();
    this.showProblems();
  }

  /** The box at the top: after a try to launch, everything; before, what has no field. */
  private drawProblems(): void {
    const errors = this.model.get("errors");
    const found = this.state.showAll
      ? inOrder({ ...errors, ...this.invalid() }, [...this.views.keys()])
      : { "": errors[""] ?? "" };
    const text = JSON.stringify(found);
    if (this.problems.dataset["text"] === text) return;
    this.problems.dataset["text"] = text;
    const nameOf = (key: string): string => this.views.get(key)?.name ?? key;
    this.problems.replaceChildren(...summary(found, nameOf, (key) => this.goTo(key)));
  }

  /** Put the focus on a field, or on the first that is wrong. */
  private goTo(key: string): void {
    this.finder?.clear();
    const wrong = { ...this.model.get("errors"), ...this.invalid() };
    const first = [...this.views.values()].find((one) => wrong[one.key]);
    const view = key ? this.views.get(key) : first;
    const row = view?.element ?? this.rowOf(key || (Object.keys(wrong)[0] ?? ""));
    if (!row) return;
    for (
      let at: HTMLElement | null = row;
      at && at !== this.el;
      at = at.parentElement
    ) {
      if (at instanceof HTMLDetailsElement) at.open = true;
    }
    view?.draw();
    row.scrollIntoView({ block: "center" });
    if (view) view.focus();
    else row.querySelector<HTMLElement>("input")?.focus();
    // Rows above that had not been laid out have their height only now.
    requestAnimationFrame(() => row.scrollIntoView({ block: "center" }));
  }

  private rowOf(key: string): HTMLElement | null {
    return this.el.querySelector(`[data-id="${CSS.escape(key)}"]`);
  }

  private focusedKey(): string | undefined {
    const active = document.activeElement;
    if (!active || active === this.el || !this.el.contains(active)) return undefined;
    return [...this.views.values()].find((view) => view.element.contains(active))?.key;
  }

  private pressed(event: KeyboardEvent): void {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.sendAhead();
    if (event.key !== "/" || !isShortcut(event)) return;
    if (!this.finder || this.finder.element.hidden) return;
    event.preventDefault();
    event.stopPropagation();
    this.finder.focus();
  }

  /** At midnight `today` is another day. */
  private watchTheDay(signal: AbortSignal | undefined): void {
    let day = writeDate(new Date());
    const timer = setInterval(() => {
      const today = new Date();
      if (writeDate(today) === day) return;
      day = writeDate(today);
      resolveAgain(this.state, this.views, today);
    }, DAY_CHECK_MS);
    signal?.addEventListener("abort", () => clearInterval(timer));
  }
}

/** What of a spec is seen in its form. */
function looksOf({ module, kind, title, warnings, parser }: ModuleSpec): string {
  return JSON.stringify([module, kind, title, warnings, parser]);
}

/** As the fields stand in the form; what has no field comes last. */
function inOrder(
  found: Record<string, string>,
  keys: readonly string[],
): Record<string, string> {
  const known = keys.filter((key) => key in found).map((key) => [key, found[key]]);
  return { ...Object.fromEntries(known), ...found };
}

/** What may stand in a field besides its built-in control. */
function hooks(model: AnyModel<Model>, signal: AbortSignal | undefined): Hooks {
  const hosted = new HostedControls(model as AnyModel, signal);
  return {
    ...pathHooks(model as AnyModel, signal),
    host: (key, slot) => hosted.host(key, slot),
    errorOf: (key) => model.get("hosted_errors")?.[key] ?? "",
    noteOf: (key) => model.get("hosted_notes")?.[key] ?? "",
    reset: (field) => {
      if (field in model.get("hosted")) model.send({ kind: "reset_hosted", field });
    },
  };
}

export default { render };
