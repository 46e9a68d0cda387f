// Stopping: the question first, then the ladder with what it has done so far.
import { h, icon } from "../shared/dom";
import { exact } from "../shared/time";
import type { Actions, Rung, RunRow } from "./traits";

export function stopQuestion(run: RunRow, act: Actions): HTMLElement {
  return h(
    "div",
    {
      class: "ops-run-question",
      role: "alertdialog",
      "aria-label": "Confirm the stop",
      onkeydown: (event: Event) => {
        if ((event as KeyboardEvent).key === "Escape") act.cancel();
      },
    },
    h(
      "span",
      {},
      `Stop ${run.module}? It is asked first, then terminated, and killed if it does not end.`,
    ),
    h(
      "button",
      {
        class: "ops-button ops-danger",
        type: "button",
        "data-action": "confirm",
        onclick: act.confirm,
      },
      "Stop it",
    ),
    h(
      "button",
      { class: "ops-button ops-quiet", type: "button", onclick: act.cancel },
      "Let it run",
    ),
  );
}

const STEPS: [string, string][] = [
  ["ask", "asked to stop"],
  ["terminate", "terminated"],
  ["kill", "killed"],
];

/** ask → terminate → kill, with the rung that was reached and the way to skip ahead. */
export function ladder(run: RunRow, rungs: Rung[], act: Actions): HTMLElement {
  const reached = new Map(rungs.map((rung) => [rung.rung, rung.at]));
  const names = STEPS.map(([name]) => name);
  const furthest = Math.max(
    names.indexOf(run.rung),
    ...rungs.map((r) => names.indexOf(r.rung)),
  );
  const steps = STEPS.map(([name, said], at) => {
    const state =
      at < furthest ? "done" : at === Math.max(0, furthest) ? "now" : "next";
    const time = reached.get(name);
    return h(
      "li",
      {
        "data-state": state,
        title: time ? `${said} at ${exact(time)}` : `not ${said} yet`,
      },
      icon(state === "next" ? "dot" : state === "now" ? "clock" : "check"),
      name,
    );
  });
  const killed = furthest >= names.indexOf("kill");
  return h(
    "div",
    { class: "ops-run-ladder", role: "status" },
    h("span", {}, "Stopping:"),
    h("ol", {}, ...steps),
    killed
      ? null
      : h(
          "button",
          {
            class: "ops-button ops-danger",
            type: "button",
            "data-action": "kill",
            title: "Skip ahead: end the whole process tree now, without its clean-up",
            onclick: act.kill,
          },
          "Kill now",
        ),
  );
}
