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

/** Brings a bar up to date in place: what has the focus, or is open, stays so. */
export type Update = () => void;

export function drawRail(
  rail: HTMLElement,
  model: AnyModel<Model>,
  act: Actions,
): Update {
  const pages = pageList(model, () => undefined);
  rail.replaceChildren(
    h("div", { class: "ops-brand" }, mark(), h("span", {}, model.get("title"))),
    pages.element,
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
  return pages.update;
}

export function drawTopBar(
  bar: HTMLElement,
  model: AnyModel<Model>,
  act: Actions,
): Update {
  const title = h("h1", { class: "ops-page-title" });
  const parts = [pageMenu(model, act), environmentBadge(model), counts(model)] as const;
  const [menu, badge, busy] = parts;
  const update = (): void => {
    const page = model.get("pages").find((row) => row.id === model.get("page"));
    title.textContent = page?.label ?? model.get("title");
    for (const part of parts) part.update();
  };
  update();
  const gap = h("span", { class: "ops-grow" });
  bar.replaceChildren(menu.element, title, badge.element, gap, busy.element);
  return update;
}

interface Part {
  element: HTMLElement;
  update: Update;
}

function mark(): HTMLElement {
  return h(
    "span",
    { class: "ops-brand-mark", "aria-hidden": "true" },
    icon("play", 14),
  );
}

function pageList(model: AnyModel<Model>, after: () => void): Part {
  const buttons = model.get("pages").map((page) =>
    h(
      "button",
      {
        class: "ops-nav-item",
        type: "button",
        "data-ops-page": page.id,
        onclick: () => {
          save(model, { page: page.id });
          after();
        },
      },
      icon(page.icon, 14),
      h("span", {}, page.label),
    ),
  );
  const update = (): void => {
    for (const button of buttons) {
      const here = button.dataset["opsPage"] === model.get("page");
      if (here) button.setAttribute("aria-current", "page");
      else button.removeAttribute("aria-current");
    }
  };
  update();
  const element = h("nav", { class: "ops-nav", "aria-label": "Pages" }, ...buttons);
  return { element, update };
}

/** The rail as a menu, for narrow panels. */
function pageMenu(model: AnyModel<Model>, act: Actions): Part {
  const pages = pageList(model, () => element.removeAttribute("open"));
  const element = h(
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
      pages.element,
      h(
        "div",
        { class: "ops-rail-foot" },
        themeButton(act.theme),
        helpButton(act.help),
      ),
    ),
  );
  return { element, update: pages.update };
}

function environmentBadge(model: AnyModel<Model>): Part {
  const none = h(
    "span",
    {
      class: "ops-environment",
      "data-tone": "neutral",
      title: "No environments yet: make one on the Config page",
    },
    "no environment",
  );
  const select = h("select", {
    class: "ops-environment",
    "aria-label": "Environment",
    title: "Environment: where launches run",
    onchange: () => save(model, { environment: select.value }),
  });
  let drawn = "";
  const update = (): void => {
    const rows = model.get("environments") ?? [];
    const current = rows.find((row) => row.name === model.get("environment"));
    const names = [...(current ? [] : [""]), ...rows.map((row) => row.name)];
    // An open list closes when its options are replaced.
    if (drawn !== names.join("\n")) {
      drawn = names.join("\n");
      select.replaceChildren(
        ...names.map((name) => h("option", { value: name }, name || "no environment")),
      );
    }
    select.value = current?.name ?? "";
    select.dataset["tone"] = environmentTone(current);
    const shown = rows.length > 0 ? select : none;
    if (element.firstChild !== shown) element.replaceChildren(shown);
  };
  const element = h("span", { class: "ops-badge" });
  return { element, update };
}

const ACTIVE = ["starting", "running", "paused", "stopping", "orphaned"];

function counts(model: AnyModel<Model>): Part {
  const running = h("span", {});
  const queued = h("i", {});
  const element = h(
    "button",
    {
      class: "ops-button ops-quiet ops-counts",
      type: "button",
      title: "Show the runs",
      onclick: () => {
        const runs = model.get("pages").find((page) => page.id === "runs");
        if (runs) save(model, { page: runs.id });
      },
    },
    h("span", { class: "ops-pulse", "aria-hidden": "true" }),
    h("span", {}, running, queued),
  );
  const update = (): void => {
    const all = model.get("counts") ?? {};
    const sum = ACTIVE.reduce((total, state) => total + (all[state] ?? 0), 0);
    element.dataset["busy"] = String(sum > 0);
    running.textContent = `${sum} running`;
    queued.textContent = ` \u00b7 ${all["queued"] ?? 0} queued`;
  };
  return { element, update };
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
