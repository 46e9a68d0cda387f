// The card's first line: what, where it is, since when, and what can be done.
import type { AnyModel } from "@anywidget/types";
import { copyText } from "../shared/clipboard";
import { h, icon, statusBadge } from "../shared/dom";
import { duration, exact } from "../shared/time";
import type { Actions, Model, Pending, RunRow } from "./traits";

export function headLine(
  model: AnyModel<Model>,
  run: RunRow,
  pending: Pending,
  act: Actions,
): HTMLElement {
  return h(
    "div",
    { class: "ops-run-head" },
    model.get("detail") && model.get("closable") ? back(act) : null,
    statusBadge(run.word),
    h("span", { class: "ops-run-module" }, run.module),
    copyId(run),
    h("span", { class: "ops-run-facts ops-muted" }, ...facts(run)),
    h("span", { class: "ops-run-actions" }, ...actions(model, run, pending, act)),
  );
}

/** Where the run has the page for itself: the way back to the table. */
function back(act: Actions): HTMLElement {
  return h(
    "button",
    { class: "ops-button ops-quiet ops-run-back", type: "button", onclick: act.close },
    icon("left"),
    "All runs",
  );
}

const PAUSED = "How long it was frozen in all; a time limit does not count it";

function facts(run: RunRow): HTMLElement[] {
  const since = run.started ?? run.created;
  const list = [
    run.environment ? h("span", { title: "Environment" }, run.environment) : null,
    since
      ? h("span", { class: "ops-run-since", title: `Started ${exact(since)}` })
      : null,
    run.duration !== null
      ? h("span", { class: "ops-run-took", title: "Duration" })
      : null,
    (run.paused_s ?? 0) >= 1
      ? h("span", { title: PAUSED }, `paused ${duration(run.paused_s)}`)
      : null,
    run.exit_code !== null ? h("span", {}, `exit ${run.exit_code}`) : null,
    run.signal ? h("span", {}, `signal ${run.signal}`) : null,
  ];
  return list.filter((fact): fact is HTMLSpanElement => fact !== null);
}

const SHOWN_MS = 1200;

function copyId(run: RunRow): HTMLElement {
  const text = h("span", {}, run.short);
  return h(
    "button",
    {
      class: "ops-button ops-quiet ops-run-id ops-code",
      type: "button",
      "data-action": "copy",
      title: `Copy the run's id: ${run.run_id}`,
      onclick: async () => {
        const done = await copyText(run.run_id);
        text.textContent = done ? "copied" : run.run_id;
        setTimeout(() => (text.textContent = run.short), SHOWN_MS);
      },
    },
    text,
    icon("copy"),
  );
}

function actions(
  model: AnyModel<Model>,
  run: RunRow,
  pending: Pending,
  act: Actions,
): HTMLElement[] {
  const list: HTMLElement[] = [];
  if (run.active && pending !== "stop" && model.get("may_stop")) {
    const pausing = pauseButton(run, pending, act);
    if (pausing) list.push(pausing);
    const stop = button("stop", "Stop this run (s)", "ops-danger", act, icon("stop"));
    stop.append("Stop");
    stop.dataset["opsStop"] = "";
    list.push(stop);
  }
  if (!run.active) {
    const title = "Fill the form with this run's values";
    const again = button("again", title, "", act, icon("reset"));
    again.append("Run again");
    list.push(again);
  }
  if (model.get("closable")) {
    const look = "ops-quiet ops-icon-button";
    const close = button("close", "Close", look, act, icon("close"));
    close.setAttribute("aria-label", "Close");
    list.push(close);
  }
  return list;
}

const PAUSES =
  "Freezes all its processes (SIGSTOP) until you resume; what it waits for may time " +
  "out meanwhile (p)";
const RESUMES = "Lets all its processes go on (p)";

/** Pause or Resume, whichever is possible; none while it starts or is adopted. */
function pauseButton(
  run: RunRow,
  pending: Pending,
  act: Actions,
): HTMLButtonElement | undefined {
  const paused = run.state === "paused";
  if (!paused && run.state !== "running") return undefined;
  const action = paused ? "resume" : "pause";
  const title = paused ? RESUMES : PAUSES;
  const one = button(action, title, "", act, icon(paused ? "play" : "pause"));
  one.append(paused ? "Resume" : "Pause");
  one.dataset["opsPause"] = "";
  if (pending === action) {
    one.setAttribute("aria-disabled", "true"); // a disabled one would lose the focus
    one.replaceChildren(
      h("span", { class: "ops-spinner", "aria-hidden": "true" }),
      paused ? "Resuming\u2026" : "Pausing\u2026",
    );
  }
  return one;
}

function button(
  action: keyof Actions,
  title: string,
  look: string,
  act: Actions,
  picture: SVGElement,
): HTMLButtonElement {
  return h(
    "button",
    {
      class: `ops-button ${look}`.trim(),
      type: "button",
      title,
      "data-action": action,
      onclick: act[action],
    },
    picture,
  );
}

/** The other active runs, to switch to. */
export function otherRuns(model: AnyModel<Model>): HTMLElement[] {
  const current = model.get("run").run_id;
  const others = model.get("others").filter((run) => run.run_id !== current);
  if (others.length === 0) return [];
  const shown = others.slice(0, MOST);
  const rest = others.length - shown.length;
  return [
    h(
      "div",
      { class: "ops-run-others" },
      h("span", { class: "ops-muted" }, current ? "Also active:" : "Active:"),
      ...shown.map((run) =>
        h(
          "button",
          {
            class: "ops-button ops-quiet",
            type: "button",
            title: `Show ${run.module} ${run.run_id}`,
            onclick: () => model.send({ kind: "switch", run_id: run.run_id }),
          },
          run.module.split(".").at(-1) ?? run.module,
          h("span", { class: "ops-code ops-muted" }, run.short),
        ),
      ),
      rest > 0 ? h("span", { class: "ops-muted" }, `and ${rest} more`) : null,
    ),
  ];
}

const MOST = 6;
