// The tree: one list box, grouped by package, moved through with the keyboard.
import { h, icon } from "../shared/dom";
import { type Listing, type PackageGroup, shortName } from "./filter";

export interface ListState {
  filter: string;
  hidden: boolean;
  folded: Set<string>;
  /** The row that the keys act on. */
  active: string;
  /** On a narrow panel: the list is open although a module is picked. */
  changing: boolean;
}

export interface ListActions {
  value: string;
  choose: (name: string) => void;
  redraw: () => void;
  empty: string;
}

/** What each list shows. */
const drawn = new WeakMap<HTMLElement, string>();

export function drawList(
  list: HTMLElement,
  groups: PackageGroup[],
  state: ListState,
  act: ListActions,
): void {
  const shown = [groups, state.filter, [...state.folded], act.value, act.empty];
  const text = JSON.stringify(shown);
  // A list that is the same stays: a press on it must not miss a row that was replaced.
  if (drawn.get(list) === text) return markActive(list, state, false);
  drawn.set(list, text);
  const focused = list.contains(document.activeElement);
  const top = list.scrollTop;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Modules");
  list.tabIndex = 0;
  list.onkeydown = (event) => move(event, list, state, act);
  list.replaceChildren(...groups.flatMap((group) => drawGroup(group, state, act)));
  if (groups.length === 0 && act.empty) {
    list.append(h("p", { class: "ops-picker-empty ops-muted" }, act.empty));
  }
  markActive(list, state, false);
  list.scrollTop = top;
  if (focused) list.focus({ preventScroll: true });
}

function drawGroup(
  group: PackageGroup,
  state: ListState,
  act: ListActions,
): HTMLElement {
  const open = state.filter !== "" || !state.folded.has(group.name);
  const head = h(
    "button",
    {
      class: "ops-picker-package",
      type: "button",
      tabindex: "-1",
      "aria-expanded": open ? "true" : "false",
      onclick: () => {
        if (!state.folded.delete(group.name)) state.folded.add(group.name);
        act.redraw();
      },
    },
    icon(open ? "down" : "right"),
    h("span", {}, group.name),
    h("span", { class: "ops-muted" }, String(group.rows.length)),
  );
  const rows = open ? group.rows.map((row) => drawRow(row, act)) : [];
  return h("div", { role: "group", "aria-label": group.name }, head, ...rows);
}

function drawRow(row: Listing, act: ListActions): HTMLElement {
  const broken = row.kind === "broken";
  return h(
    "div",
    {
      class: "ops-picker-row",
      role: "option",
      id: `ops-module-${row.name}`,
      "data-name": row.name,
      "data-kind": row.kind,
      "aria-selected": row.name === act.value ? "true" : "false",
      title: row.title ? `${row.name}: ${row.title}` : row.name,
      onclick: () => act.choose(row.name),
    },
    broken
      ? h("b", { class: "ops-picker-mark ops-error-text", title: "Broken" }, "!")
      : h("span", { class: "ops-picker-mark" }),
    h("span", { class: "ops-picker-name" }, shortName(row)),
    h("span", { class: "ops-picker-kind" }, row.kind),
    h("span", { class: "ops-picker-title" }, broken ? row.error : row.title),
  );
}

/** Into the list from its filter: the first row is the one that the keys act on. */
export function enterList(list: HTMLElement, state: ListState): void {
  const rows = list.querySelectorAll<HTMLElement>(".ops-picker-row");
  const known = [...rows].some((row) => row.dataset["name"] === state.active);
  if (!known) state.active = rows[0]?.dataset["name"] ?? "";
  list.focus();
  markActive(list, state, true);
}

function move(
  event: KeyboardEvent,
  list: HTMLElement,
  state: ListState,
  act: ListActions,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  const rows = [...list.querySelectorAll<HTMLElement>(".ops-picker-row")];
  if (step !== undefined) {
    const at = rows.findIndex((row) => row.dataset["name"] === state.active);
    const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step));
    state.active = rows[next]?.dataset["name"] ?? "";
    markActive(list, state, true);
  } else if (event.key === "Enter" || event.key === " ") {
    if (state.active) act.choose(state.active);
  } else {
    return;
  }
  event.preventDefault();
}

function markActive(list: HTMLElement, state: ListState, reveal: boolean): void {
  list.removeAttribute("aria-activedescendant");
  for (const row of list.querySelectorAll<HTMLElement>(".ops-picker-row")) {
    const active = row.dataset["name"] === state.active;
    row.classList.toggle("ops-active", active);
    if (!active) continue;
    list.setAttribute("aria-activedescendant", row.id);
    if (reveal) row.scrollIntoView({ block: "nearest" });
  }
}
