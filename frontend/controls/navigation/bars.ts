// The rail and the top bar.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { environmentTone } from "../shared/environment";
import { save } from "../shared/watch";
import type { Theme, ThemeSwitch } from "./frame";
import type { Model } from "./traits";

export interface Actions {
  help: () => void;
  theme: ThemeSwitch;
}

const THEMES: Record<Theme, { icon: string; label: string }> = {
  auto: { icon: "contrast", label: "Theme: as the host" },
  light: { icon: "sun", label: "Theme: light" },
  dark: { icon: "moon", label: "Theme: dark" },
};

export function drawRail(
  rail: HTMLElement,
  model: AnyModel<Model>,
  act: Actions,
): void {
  rail.replaceChildren(
    h("div", { class: "ops-brand" }, mark(), h("span", {}, model.get("title"))),
    pageList(model, () => undefined),
    h(
      "div",
      { class: "ops-rail-foot" },
      model.get("user")
        ? h("span", { class: "ops-user", title: "Who you act as" }, model.get("user"))
        : null,
      themeButton(act.theme),
      helpButton(act.help),
    ),
  );
}

export function drawTopBar(
  bar: HTMLElement,
  model: AnyModel<Model>,
  act: Actions,
): void {
  const page = model.get("pages").find((row) => row.id === model.get("page"));
  bar.replaceChildren(
    pageMenu(model, act),
    h("h1", { class: "ops-page-title" }, page?.label ?? model.get("title")),
    environmentBadge(model),
    h("span", { class: "ops-grow" }),
    counts(model),
  );
}

function mark(): HTMLElement {
  return h("span", { class: "ops-mark", "aria-hidden": "true" }, icon("play", 14));
}

function pageList(model: AnyModel<Model>, after: () => void): HTMLElement {
  const current = model.get("page");
  const buttons = model.get("pages").map((page) =>
    h(
      "button",
      {
        class: "ops-nav-item",
        type: "button",
        "data-ops-page": page.id,
        "aria-current": page.id === current ? "page" : false,
        onclick: () => {
          save(model, { page: page.id });
          after();
        },
      },
      icon(page.icon, 14),
      h("span", {}, page.label),
    ),
  );
  return h("nav", { class: "ops-nav", "aria-label": "Pages" }, ...buttons);
}

/** The rail as a menu, for narrow panels. */
function pageMenu(model: AnyModel<Model>, act: Actions): HTMLElement {
  const menu = h(
    "details",
    { class: "ops-menu" },
    h(
      "summary",
      { class: "ops-button ops-quiet", "aria-label": "Menu" },
      icon("menu", 16),
    ),
    h(
      "div",
      { class: "ops-menu-body ops-card" },
      h("div", { class: "ops-brand" }, mark(), h("span", {}, model.get("title"))),
      pageList(model, () => menu.removeAttribute("open")),
      h(
        "div",
        { class: "ops-rail-foot" },
        themeButton(act.theme),
        helpButton(act.help),
      ),
    ),
  );
  return menu;
}

function environmentBadge(model: AnyModel<Model>): HTMLElement {
  const rows = model.get("environments") ?? [];
  const name = model.get("environment");
  if (rows.length === 0) {
    return h(
      "span",
      {
        class: "ops-environment",
        "data-tone": "neutral",
        title: "No environments yet: make one on the Config page",
      },
      "no environment",
    );
  }
  const current = rows.find((row) => row.name === name);
  const select = h(
    "select",
    {
      class: "ops-environment",
      "data-tone": environmentTone(current),
      "aria-label": "Environment",
      title: "Environment: where launches run",
      onchange: () => save(model, { environment: select.value }),
    },
    ...(current ? [] : [h("option", { value: "" }, "no environment")]),
    ...rows.map((row) => h("option", { value: row.name }, row.name)),
  );
  select.value = current?.name ?? "";
  return select;
}

function counts(model: AnyModel<Model>): HTMLElement {
  const all = model.get("counts") ?? {};
  const active = ["starting", "running", "paused", "stopping", "orphaned"];
  const running = active.reduce((sum, state) => sum + (all[state] ?? 0), 0);
  const queued = all["queued"] ?? 0;
  const runs = model.get("pages").find((page) => page.id === "runs");
  return h(
    "button",
    {
      class: "ops-button ops-quiet ops-counts",
      type: "button",
      title: "Show the runs",
      "data-busy": running > 0 ? "true" : "false",
      onclick: () => runs && save(model, { page: runs.id }),
    },
    h("span", { class: "ops-pulse", "aria-hidden": "true" }),
    h("span", {}, `${running} running`, h("i", {}, ` · ${queued} queued`)),
  );
}

function themeButton(theme: ThemeSwitch): HTMLElement {
  const button = h("button", {
    class: "ops-button ops-quiet ops-icon-button",
    type: "button",
    onclick: () => {
      theme.next();
      show();
    },
  });
  const show = (): void => {
    const look = THEMES[theme.get()];
    button.replaceChildren(icon(look.icon, 14));
    button.title = `${look.label} (click for the next)`;
    button.setAttribute("aria-label", look.label);
  };
  show();
  return button;
}

function helpButton(open: () => void): HTMLElement {
  return h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button",
      type: "button",
      title: "Keys (?)",
      "aria-label": "Keyboard shortcuts",
      onclick: open,
    },
    icon("question", 14),
  );
}
