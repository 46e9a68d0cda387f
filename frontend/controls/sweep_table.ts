// A sweep: one progress bar, one stop, parameters and outcomes in a table.
import type { RenderProps } from "@anywidget/types";
import { h, icon } from "./shared/dom.ts";
import { keepKeys } from "./shared/keys.ts";
import { hear, save, watch } from "./shared/watch.ts";
import { Grid } from "./sweep_table/grid.ts";
import * as head from "./sweep_table/head.ts";
import { arranged, isShown, type Order } from "./sweep_table/order.ts";
import { Rows } from "./sweep_table/rows.ts";
import type { GroupView, Model } from "./sweep_table/traits.ts";

const TICK_MS = 500;

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-sweep_table");
  keepKeys(el);
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", model.get("label"));
  const order: Order = { by: "place", descending: false, only: "" };
  let question: head.Question | undefined;
  let shown = "";
  let begun = false;

  const top = h("div", { class: "ops-sweep-top" });
  const live = h("div", { class: "ops-visually-hidden", "aria-live": "polite" });
  const none = h("p", { class: "ops-sweep-none ops-muted" });
  const grid = new Grid({
    sort: (by) => {
      order.descending = order.by === by && !order.descending;
      order.by = order.by === by && !order.descending ? "place" : by;
      drawRows();
    },
    open: (row) => {
      model.send({ kind: "open", run_id: row.run_id });
      save(model, { opened: row.run_id });
    },
  });
  const rows = new Rows(model, signal, () => drawRows());
  el.append(top, grid.element, none, live);

  const events: head.HeadEvents = {
    only: (word) => {
      order.only = word;
      draw();
      drawRows();
    },
    ask: (asked) => {
      question = asked;
      draw();
      top.querySelector<HTMLElement>("[data-action=yes]")?.focus();
    },
    send: (kind, more = {}) => model.send({ kind, ...more }),
  };
  const answer = (yes: boolean): void => {
    const asked = question;
    question = undefined;
    if (yes && asked) events.send(asked.kind, asked.more);
    draw();
    const back = yes ? ".ops-sweep-scroll" : `[data-action=${asked?.kind}]`;
    el.querySelector<HTMLElement>(back)?.focus();
  };
  const drawRows = (): void => {
    const group = model.get("group");
    const found = arranged(rows.all, order);
    grid.show(found, group.fields ?? [], order);
    const hidden = rows.all.length > 0 && found.length === 0;
    none.textContent = hidden ? "No run is like that now." : "";
    none.hidden = !hidden;
  };
  const draw = (): void => {
    const group = model.get("group");
    const there = isGroup(group);
    grid.element.hidden = !there;
    el.style.setProperty("--ops-sweep-height", model.get("height"));
    el.dataset["state"] = group.state ?? "none";
    if (!there) {
      top.replaceChildren(h("p", { class: "ops-muted" }, model.get("empty")));
      none.hidden = true;
      return;
    }
    if (group.group_id !== shown) {
      if (begun) setTimeout(() => reveal(el), REVEAL_MS);
      shown = group.group_id;
      order.only = "";
      question = undefined;
    }
    if (question && group.state === "finished") question = undefined;
    if (order.only && !rows.all.some((row) => isShown(row, order.only)))
      order.only = "";
    const action = focused(top);
    top.replaceChildren(
      h(
        "div",
        { class: "ops-sweep-line" },
        head.title(group),
        head.actions(model, group, events),
      ),
      head.bar(group),
      h(
        "div",
        { class: "ops-sweep-line" },
        head.legend(group, order.only, events),
        head.facts(group),
      ),
      ...(question ? [questionBox(question, answer)] : []),
      ...(group.notice ? [note("warn", "pause", group.notice)] : []),
      ...(model.get("problem") ? [note("error", "warning", model.get("problem"))] : []),
    );
    if (action) top.querySelector<HTMLElement>(action)?.focus();
    const said =
      group.state === "finished" ? `The sweep has ended: ${head.inWords(group)}.` : "";
    if (live.textContent !== said) live.textContent = said;
  };
  hear(model, "ask", signal, () => {
    const { text = "", kind = "", more = {} } = model.get("question");
    const sure = { ...more, confirmed: true };
    events.ask({ text, yes: "Yes, go on", no: "Cancel", kind, more: sure });
  });
  draw();
  begun = true;
  watch(model, DRAWN, signal, draw);
  watch(model, ["opened"], signal, () => grid.mark(model.get("opened")));
  grid.mark(model.get("opened"));
  const sizes = new ResizeObserver(() => grid.resize(el.clientWidth));
  sizes.observe(el);
  const timer = setInterval(() => {
    if (el.offsetParent !== null) grid.tick();
  }, TICK_MS);
  signal?.addEventListener("abort", () => {
    clearInterval(timer);
    sizes.disconnect();
    grid.stop();
  });
}

const DRAWN = [
  "group",
  "may_stop",
  "may_launch",
  "closable",
  "linked",
  "busy",
  "problem",
  "height",
  "empty",
];

function isGroup(group: Partial<GroupView>): group is GroupView {
  return Boolean(group.group_id);
}

/** The rows take their place first. */
const REVEAL_MS = 150;

/** What was just launched must be seen, also below a long form on a phone. */
function reveal(el: HTMLElement): void {
  const box = el.getBoundingClientRect();
  if (box.height > 0 && (box.top < 0 || box.top > innerHeight / 2)) {
    el.scrollIntoView({ block: "start" });
  }
}

function note(tone: string, symbol: string, text: string): HTMLElement {
  const role = tone === "error" ? "alert" : "status";
  return h(
    "p",
    { class: "ops-sweep-note", "data-tone": tone, role },
    icon(symbol),
    text,
  );
}

function questionBox(
  question: head.Question,
  answer: (yes: boolean) => void,
): HTMLElement {
  return h(
    "div",
    {
      class: "ops-sweep-question",
      role: "alertdialog",
      "aria-label": "Confirm",
      onkeydown: (event: Event) => {
        if ((event as KeyboardEvent).key === "Escape") answer(false);
      },
    },
    h("span", {}, question.text),
    h(
      "button",
      {
        class: "ops-button ops-danger",
        type: "button",
        "data-action": "yes",
        onclick: () => answer(true),
      },
      question.yes,
    ),
    h(
      "button",
      { class: "ops-button ops-quiet", type: "button", onclick: () => answer(false) },
      question.no,
    ),
  );
}

/** How to find what has the focus again, after the head is drawn anew. */
function focused(top: HTMLElement): string | undefined {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || !top.contains(element)) return undefined;
  const { action, word } = element.dataset;
  if (action) return `[data-action="${action}"]`;
  return word === undefined ? undefined : `.ops-sweep-count[data-word="${word}"]`;
}

export default { render };
