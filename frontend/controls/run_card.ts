// One run: status, times, why, the stop ladder, and what was run.
import type { RenderProps } from "@anywidget/types";
import { h } from "./shared/dom";
import { keepKeys } from "./shared/keys";
import { ago, duration } from "./shared/time";
import { watch } from "./shared/watch";
import { detailList } from "./run_card/detail";
import { headLine, otherRuns } from "./run_card/head";
import { ladder, stopQuestion } from "./run_card/stopping";
import type { Model, RunRow } from "./run_card/traits";

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-run_card");
  keepKeys(el);
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", model.get("label"));
  let asking = "";
  let asked = "";
  let received = performance.now();
  let shown = model.get("run").run_id;

  const send = (kind: string, run: RunRow): void =>
    model.send({ kind, run_id: run.run_id });
  const draw = (): void => {
    const run = model.get("run") as RunRow;
    const action = focusedAction(el);
    if (!run.run_id) {
      el.replaceChildren(
        ...otherRuns(model),
        h("p", { class: "ops-run-empty ops-muted" }, model.get("empty")),
      );
      return;
    }
    if (!run.active) asking = "";
    const act = {
      stop: () => {
        asking = run.run_id;
        draw();
        el.querySelector<HTMLElement>("[data-action=confirm]")?.focus();
      },
      confirm: () => {
        asking = "";
        asked = run.run_id;
        send("stop", run);
        draw();
      },
      cancel: () => {
        asking = "";
        draw();
        el.querySelector<HTMLElement>("[data-action=stop]")?.focus();
      },
      kill: () => send("kill", run),
      again: () => send("again", run),
      close: () => send("close", run),
    };
    const stopping = run.active && (run.state === "stopping" || asked === run.run_id);
    el.replaceChildren(
      ...otherRuns(model),
      headLine(model, run, stopping, act),
      ...(asking === run.run_id && !stopping ? [stopQuestion(run, act)] : []),
      ...(stopping ? [ladder(run, model.get("rungs"), act)] : []),
      ...(run.why ? [h("p", { class: "ops-run-why" }, run.why)] : []),
      ...(model.get("detail") ? [detailList(run)] : []),
    );
    el.dataset["status"] = run.word;
    tick();
    if (action) el.querySelector<HTMLElement>(`[data-action=${action}]`)?.focus();
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
    ["rungs", "others", "detail", "closable", "may_stop", "empty"],
    signal,
    draw,
  );
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

export default { render };
