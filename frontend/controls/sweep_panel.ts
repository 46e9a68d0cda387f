// Writing a sweep: fields over ranges and lists, counted while they are typed.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, icon, statusBadge } from "./shared/dom.ts";
import { keepKeys } from "./shared/keys.ts";
import { ago } from "./shared/time.ts";
import { hear, save, watch } from "./shared/watch.ts";
import { Fields } from "./sweep_panel/fields.ts";
import { LaunchLine } from "./sweep_panel/launch.ts";
import type { Model } from "./sweep_panel/traits.ts";

let panels = 0;

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-sweep_panel");
  keepKeys(el);
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", model.get("label"));
  const id = `ops-swp-${++panels}`;
  const rows = new Fields(model, id);
  const fold = foldButton(model, `${id}-body`);
  const summary = h("span", { class: "ops-swp-summary ops-muted" });
  const body = h("div", { class: "ops-swp-body", id: `${id}-body` });
  const help = h(
    "p",
    { class: "ops-swp-help ops-muted" },
    "One run for each value: a list (",
    code("a,b,c"),
    "), a range (",
    code("1..10:2"),
    ", ",
    code("2024-01-01..2024-03-31:B"),
    " for business days, ME for month ends), or ",
    code("{field}"),
    " to follow another one.",
  );
  const launch = new LaunchLine(model, id);
  body.append(help, rows.element, launch.element, recentBox(model, signal));
  el.append(h("div", { class: "ops-swp-fold" }, fold, summary), body);

  const draw = (): void => {
    const open = model.get("unfolded");
    el.toggleAttribute("data-open", open);
    fold.setAttribute("aria-expanded", String(open));
    body.hidden = !open;
    el.hidden = model.get("module") === "";
    const view = model.get("view");
    summary.textContent = rows.count > 0 ? (view.summary ?? "") : "";
    rows.draw();
    launch.draw(rows.count);
  };
  draw();
  watch(model, DRAWN, signal, draw);
  watch(model, ["unfolded"], signal, () => {
    if (model.get("unfolded") && rows.count === 0) rows.add();
  });
  hear(model, "focus", signal, (said) => rows.focus(String(said["path"])));
  hear(model, "ask", signal, () => launch.ask());
}

const DRAWN = [
  "unfolded",
  "module",
  "options",
  "fields",
  "zip",
  "limit",
  "view",
  "blocked",
  "confirm",
  "busy",
  "problem",
];

function foldButton(model: AnyModel<Model>, body: string): HTMLButtonElement {
  return h(
    "button",
    {
      class: "ops-swp-toggle",
      type: "button",
      "aria-controls": body,
      onclick: () => save(model, { unfolded: !model.get("unfolded") }),
    },
    icon("right"),
    "Sweep",
    h("span", { class: "ops-muted" }, "many runs from one form"),
  );
}

/** Earlier sweeps, to look at again. */
function recentBox(
  model: AnyModel<Model>,
  signal: AbortSignal | undefined,
): HTMLElement {
  const box = h("div", { class: "ops-swp-recent" });
  const draw = (): void => {
    const recent = model.get("recent");
    box.hidden = recent.length === 0;
    box.replaceChildren(
      h("h3", { class: "ops-swp-heading" }, "Earlier sweeps"),
      ...recent.map((one) =>
        h(
          "button",
          {
            class: "ops-button ops-quiet",
            type: "button",
            title: `Show ${one.group_id}`,
            onclick: () => model.send({ kind: "pick", group_id: one.group_id }),
          },
          statusBadge(one.word),
          h("span", { class: "ops-swp-name" }, `${one.module} · ${one.title}`),
          h("span", { class: "ops-muted" }, ago(one.created)),
        ),
      ),
    );
  };
  draw();
  watch(model, ["recent"], signal, draw);
  return box;
}

function code(text: string): HTMLElement {
  return h("span", { class: "ops-code" }, text);
}

export default { render };
