// The head: what the group is, one bar, counts that filter, and what can be done.
import type { AnyModel } from "@anywidget/types";
import { copyText } from "../shared/clipboard.ts";
import { h, icon, statusLook, type Child } from "../shared/dom.ts";
import { ago, duration, exact } from "../shared/time.ts";
import { BAD, WORDS } from "./order.ts";
import { hasFailed, type GroupView, type Model } from "./traits.ts";

export interface HeadEvents {
  only: (word: string) => void;
  ask: (question: Question) => void;
  send: (kind: string, more?: Record<string, unknown>) => void;
}

/** What is asked before it is done. */
export interface Question {
  text: string;
  yes: string;
  no: string;
  kind: string;
  more?: Record<string, unknown>;
}

export function title(group: GroupView): HTMLElement {
  const text = h("span", {}, group.short);
  const copy = h(
    "button",
    {
      class: "ops-button ops-quiet ops-sweep-id ops-code",
      type: "button",
      "data-action": "copy",
      title: `Copy the group's id: ${group.group_id}`,
      onclick: async () => {
        const done = await copyText(group.group_id);
        text.textContent = done ? "copied" : group.group_id;
        setTimeout(() => (text.textContent = group.short), SHOWN_MS);
      },
    },
    text,
    icon("copy"),
  );
  return h(
    "div",
    { class: "ops-sweep-title" },
    h("span", { class: "ops-sweep-module" }, group.module),
    h("span", { class: "ops-sweep-what" }, group.title),
    copy,
  );
}

const SHOWN_MS = 1200;

/** How far it is, in words. */
export function facts(group: GroupView): HTMLElement {
  const parts = [
    `${group.done.toLocaleString()} of ${group.total.toLocaleString()} done`,
  ];
  if (group.state === "finished") {
    const end = group.ended ?? group.created;
    parts.push(`took ${duration(end - group.created)}`);
  } else {
    parts.push(`${group.limit} at a time`);
    if (group.eta_s) parts.push(`about ${duration(group.eta_s)} left`);
  }
  const asked = h("span", { title: exact(group.created) }, ago(group.created));
  return h(
    "span",
    { class: "ops-sweep-facts ops-muted" },
    ...parts.map((part) => h("span", {}, part)),
    asked,
    group.requested_by && h("span", {}, group.requested_by),
    group.environment && h("span", {}, group.environment),
  );
}

/** One bar: a part for each word, as wide as it has runs. */
export function bar(group: GroupView): HTMLElement {
  const done = Math.floor((100 * group.done) / Math.max(1, group.total));
  const parts = counted(group)
    .filter(([word]) => word !== "queued")
    .map(([word, count]) => {
      const part = h("span", { "data-tone": statusLook(word).tone, "data-word": word });
      part.style.flexGrow = String(count);
      return part;
    });
  const rest = h("span", { "data-word": "queued" });
  rest.style.flexGrow = String(group.counts["queued"] ?? 0);
  return h(
    "div",
    {
      class: "ops-sweep-bar",
      role: "progressbar",
      "aria-valuemin": 0,
      "aria-valuemax": 100,
      "aria-valuenow": done,
      "aria-valuetext": inWords(group),
      "aria-label": "Runs that have ended",
    },
    ...order(parts),
    rest,
  );
}

/** Ended ones first, from good to bad, so that the bar grows from the left. */
function order(parts: HTMLElement[]): HTMLElement[] {
  const rank = (part: HTMLElement): number => {
    const word = part.dataset["word"] ?? "";
    if (word === "succeeded") return 0;
    return hasFailed(word) ? 1 : word === "stopped" ? 2 : 3;
  };
  return parts.sort((one, other) => rank(one) - rank(other));
}

export function inWords(group: GroupView): string {
  return counted(group)
    .map(([word, count]) => `${count} ${word.replace(/_/g, " ")}`)
    .join(", ");
}

/** Word and count, in the order in which they matter. */
function counted(group: GroupView): [string, number][] {
  return Object.entries(group.counts)
    .filter(([, count]) => count > 0)
    .sort(([one], [other]) => WORDS.indexOf(one) - WORDS.indexOf(other));
}

/** A button for each word: how many, and on a press only those. */
export function legend(
  group: GroupView,
  only: string,
  events: HeadEvents,
): HTMLElement {
  const words = counted(group);
  const failed = words.filter(([word]) => hasFailed(word));
  const all: [string, string, number][] = [["", "all", group.total]];
  if (failed.length > 1) {
    const count = failed.reduce((sum, [, one]) => sum + one, 0);
    all.push([BAD, "not succeeded", count]);
  }
  const buttons = [
    ...all,
    ...words.map(([word, n]): [string, string, number] => [
      word,
      word.replace(/_/g, " "),
      n,
    ]),
  ].map(([key, label, count]) => {
    const look = statusLook(key === BAD ? "failed" : key);
    return h(
      "button",
      {
        class: "ops-sweep-count",
        type: "button",
        "aria-pressed": String(only === key),
        "data-tone": key ? look.tone : "none",
        "data-word": key,
        title: key ? `Show only what is ${label}` : "Show every run",
        onclick: () => events.only(only === key ? "" : key),
      },
      key ? icon(look.icon) : null,
      h("b", {}, count.toLocaleString()),
      label,
    );
  });
  const name = { role: "group", "aria-label": "Show only" };
  return h("div", { class: "ops-sweep-legend", ...name }, ...buttons);
}

/** The buttons, by what can be done now. */
export function actions(
  model: AnyModel<Model>,
  group: GroupView,
  events: HeadEvents,
): HTMLElement {
  const list: Child[] = [];
  const add = (
    action: string,
    label: string,
    symbol: string,
    kind: string,
    press: () => void,
    title = label,
  ): void => {
    const attributes = { type: "button", title, "data-action": action };
    const busy = model.get("busy") !== "";
    list.push(
      h(
        "button",
        { class: `ops-button ${kind}`, ...attributes, disabled: busy, onclick: press },
        icon(symbol),
        label,
      ),
    );
  };
  const running = group.state === "running";
  if (group.state === "paused" && model.get("may_launch")) {
    add("resume", "Resume", "play", "ops-primary", () => events.send("resume"));
  }
  if (running && group.queued > 0 && model.get("may_stop")) {
    const why = "Start nothing more until it is resumed";
    add("pause", "Pause", "pause", "", () => events.send("pause"), why);
  }
  if ((running || group.state === "paused") && model.get("may_stop")) {
    add("stop", "Stop", "stop", "ops-danger", () => events.ask(stopQuestion(group)));
  }
  if (group.state === "stopping" && model.get("may_stop")) {
    add("kill", "Kill now", "cross", "ops-danger", () => events.send("kill"));
  }
  if (model.get("may_launch")) addAgain(group, add, events);
  if (model.get("linked")) {
    const why = "Show its runs among all runs";
    add("runs", "Runs", "list", "ops-quiet", () => events.send("runs"), why);
  }
  if (model.get("closable")) {
    list.push(
      h(
        "button",
        {
          class: "ops-button ops-quiet ops-icon-button",
          type: "button",
          title: "Close",
          "aria-label": "Close the sweep",
          "data-action": "close",
          onclick: () => events.send("close"),
        },
        icon("close"),
      ),
    );
  }
  return h("div", { class: "ops-sweep-actions" }, ...list);
}

type Add = (
  action: string,
  label: string,
  symbol: string,
  kind: string,
  press: () => void,
) => void;

function addAgain(group: GroupView, add: Add, events: HeadEvents): void {
  const failed = Object.entries(group.counts)
    .filter(([word]) => hasFailed(word))
    .reduce((sum, [, count]) => sum + count, 0);
  const stopped = group.counts["stopped"] ?? 0;
  if (failed > 0) {
    const label =
      failed === 1 ? "Re-run the failed one" : `Re-run the ${failed} failed`;
    add("rerun", label, "reset", "", () => events.send("rerun", { stopped: false }));
  } else if (stopped > 0 && group.state === "finished") {
    const label = stopped === 1 ? "Run the stopped one" : `Run the ${stopped} stopped`;
    add("rerun", label, "play", "", () => events.send("rerun", { stopped: true }));
  }
}

function stopQuestion(group: GroupView): Question {
  const { queued, active } = group;
  const parts = [];
  if (queued > 0) parts.push(`${queued.toLocaleString()} waiting will not start`);
  if (active > 0) {
    parts.push(
      `${active.toLocaleString()} running ${active === 1 ? "is" : "are"} stopped`,
    );
  }
  return {
    text: `Stop this sweep? ${parts.join(", ")}.`,
    yes: "Stop it",
    no: "Let it run",
    kind: "stop",
  };
}
