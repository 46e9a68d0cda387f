// One run: status, times, why, the stop ladder, what it uses, and what was run.
import type { RenderProps } from "@anywidget/types";
import { h } from "./shared/dom";
import { keepKeys } from "./shared/keys";
import { prose } from "./shared/prose";
import { ago, duration } from "./shared/time";
import { hear, watch } from "./shared/watch";
import { Detail } from "./run_card/detail";
import { headLine, otherRuns } from "./run_card/head";
import { ResourceLine } from "./run_card/resource_line";
import { ResourceSection } from "./run_card/resource_section";
import { ladder, stopQuestion } from "./run_card/stopping";
import type { Actions, Model, Pending, RunRow } from "./run_card/traits";

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-run_card");
  keepKeys(el);
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", model.get("label"));
  let asking = "";
  let pressed: { run: string; action: Pending } = { run: "", action: "" };
  let received = performance.now();
  let shown = model.get("run").run_id;

  // What is drawn anew at a change, and what is brought up to date in place.
  const top = h("div", {});
  const uses = new ResourceLine();
  const section = new ResourceSection(signal);
  const detail = new Detail();
  el.append(top, uses.element, section.element, detail.element);

  const send = (kind: string, run: RunRow): void =>
    model.send({ kind, run_id: run.run_id });
  const press = (action: Pending, run: RunRow): void => {
    if (pressed.run === run.run_id && pressed.action === action) return;
    asking = "";
    pressed = { run: run.run_id, action };
    send(action, run);
    draw();
  };
  const actionsOf = (run: RunRow): Actions => ({
    stop: () => {
      asking = run.run_id;
      draw();
      el.querySelector<HTMLElement>("[data-action=confirm]")?.focus();
    },
    confirm: () => press("stop", run),
    cancel: () => {
      asking = "";
      draw();
      el.querySelector<HTMLElement>("[data-action=stop]")?.focus();
    },
    kill: () => send("kill", run),
    pause: () => press("pause", run),
    resume: () => press("resume", run),
    again: () => send("again", run),
    close: () => send("close", run),
  });
  const draw = (): void => {
    const run = model.get("run") as RunRow;
    const isShown = Boolean(run.run_id);
    const action = focusedAction(el);
    if (!run.active) asking = "";
    top.replaceChildren(...otherRuns(model), ...(isShown ? parts(run) : [empty()]));
    drawUses();
    detail.element.hidden = !isShown || !model.get("detail");
    if (!isShown) return;
    detail.update(run);
    el.dataset["status"] = run.word;
    tick();
    if (action) focusAgain(el, action);
  };
  const empty = (): HTMLElement =>
    h("p", { class: "ops-run-empty ops-muted" }, model.get("empty"));
  const parts = (run: RunRow): HTMLElement[] => {
    const act = actionsOf(run);
    const problem = model.get("problem");
    const pending = pressed.run === run.run_id ? pressed.action : "";
    const stopping = run.active && (run.state === "stopping" || pending === "stop");
    return [
      headLine(model, run, stopping ? "stop" : pending, act),
      ...(asking === run.run_id && !stopping ? [stopQuestion(run, act)] : []),
      ...(stopping ? [ladder(run, model.get("rungs"), act)] : []),
      ...(problem
        ? [h("p", { class: "ops-error-text", role: "alert" }, ...prose(problem))]
        : []),
      ...(run.why ? [h("p", { class: "ops-run-why" }, run.why)] : []),
    ];
  };
  const drawUses = (): void => {
    const run = model.get("run") as RunRow;
    const found = run.run_id ? model.get("resources") : {};
    uses.update(found, run);
    section.update(model.get("detail") ? found : {});
  };
  const tick = (): void => {
    const run = model.get("run") as RunRow;
    const since = el.querySelector<HTMLElement>(".ops-run-since");
    if (since) write(since, ago(run.started ?? run.created));
    const took = el.querySelector<HTMLElement>(".ops-run-took");
    if (!took || run.duration === null || run.duration === undefined) return;
    const more = run.active ? (performance.now() - received) / 1000 : 0;
    write(took, duration(run.duration + more));
  };
  draw();
  watch(model, ["run"], signal, () => {
    received = performance.now();
    draw();
    const run = model.get("run") as RunRow;
    if (run.run_id && run.run_id !== shown) setTimeout(() => reveal(el), REVEAL_MS);
    shown = run.run_id;
  });
  watch(
    model,
    ["rungs", "problem", "others", "detail", "closable", "may_stop", "empty"],
    signal,
    draw,
  );
  watch(model, ["resources"], signal, drawUses);
  // What was asked is done, or was refused with a notice: the row says which.
  hear(model, "answered", signal, () => {
    pressed = { run: "", action: "" };
    draw();
  });
  const timer = setInterval(() => {
    if ((model.get("run") as RunRow).run_id && el.offsetParent !== null) tick();
  }, TICK_MS);
  signal?.addEventListener("abort", () => clearInterval(timer));
}

const TICK_MS = 500;

/** What is the same is not written again: a selection in it would go. */
function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The log below the card takes its place first. */
const REVEAL_MS = 100;

/** Room for the first lines of the log below the card. */
const BELOW_PX = 240;

/** What was just launched must be seen, also below a long form on a phone. */
function reveal(el: HTMLElement): void {
  const box = el.getBoundingClientRect();
  const seen = box.top >= 0 && box.bottom < innerHeight - BELOW_PX;
  if (box.height > 0 && !seen) el.scrollIntoView({ block: "start" });
}

function focusedAction(el: HTMLElement): string | undefined {
  const focused = document.activeElement;
  if (!(focused instanceof HTMLElement) || !el.contains(focused)) return undefined;
  return focused.dataset["action"];
}

/** Pause and Resume stand in one place: who pressed the one is on the other. */
function focusAgain(el: HTMLElement, action: string): void {
  const other = { pause: "resume", resume: "pause" }[action] ?? action;
  const find = (name: string) => el.querySelector<HTMLElement>(`[data-action=${name}]`);
  (find(action) ?? find(other))?.focus();
}

export default { render };
