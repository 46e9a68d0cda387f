// The card's first line: what, where it is, since when, and what can be done.
import type { AnyModel } from "@anywidget/types";
import { copyText } from "../shared/clipboard";
import { h, icon, statusBadge } from "../shared/dom";
import { exact } from "../shared/time";
import type { Actions, Model, RunRow } from "./traits";

export function headLine(
  model: AnyModel<Model>,
  run: RunRow,
  stopping: boolean,
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
    h("span", { class: "ops-run-actions" }, ...actions(model, run, stopping, act)),
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
  stopping: boolean,
  act: Actions,
): HTMLElement[] {
  const button = (
    action: keyof Actions,
    title: string,
    kind: string,
    ...content: (Node | string)[]
  ): HTMLButtonElement =>
    h(
      "button",
      {
        class: `ops-button ${kind}`,
        type: "button",
        title,
        "data-action": action,
        "data-ops-stop": action === "stop",
        onclick: act[action],
      },
      ...content,
    );
  const list: HTMLElement[] = [];
  if (run.active && !stopping && model.get("may_stop")) {
    list.push(button("stop", "Stop this run (s)", "ops-danger", icon("stop"), "Stop"));
  }
  if (!run.active) {
    list.push(
      button(
        "again",
        "Fill the form with this run's values",
        "",
        icon("reset"),
        "Run again",
      ),
    );
  }
  if (model.get("closable")) {
    const close = button("close", "Close", "ops-quiet ops-icon-button", icon("close"));
    close.setAttribute("aria-label", "Close");
    list.push(close);
  }
  return list;
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
