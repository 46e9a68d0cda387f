// Pick a module: package selector, filter, tree, and a custom one in two steps.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, icon } from "./shared/dom";
import { keepKeys } from "./shared/keys";
import { prose } from "./shared/prose";
import { save, watch } from "./shared/watch";
import { customBox } from "./module_picker/custom";
import { type Listing, isRunnable, matches, tree } from "./module_picker/filter";
import { type ListState, drawList, enterList } from "./module_picker/list";

export interface Model {
  packages: string[];
  package: string;
  custom: string;
  modules: Listing[];
  value: string;
  loading: boolean;
  error: string;
  may_customise: boolean;
  label: string;
}

const CUSTOM = "\u0000custom";

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-module_picker");
  keepKeys(el);
  const state: ListState = {
    filter: "",
    hidden: false,
    folded: new Set(),
    active: model.get("value"),
    changing: !model.get("value"),
  };
  const parts = build(model, state, () => draw());
  el.append(...parts.elements);
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", model.get("label"));

  const draw = (): void => {
    parts.showPackages();
    const rows = visibleRows(model, state);
    const all = visibleRows(model, { ...state, filter: "" });
    parts.count.textContent = countText(rows.length, all.length);
    drawNote(parts.note, model, state);
    drawList(parts.list, tree(rows, model.get("packages")), state, {
      value: model.get("value"),
      choose: (name) => choose(model, state, name),
      redraw: draw,
      empty: emptyText(model, state),
    });
    drawFoot(parts.foot, model, state, draw);
    el.classList.toggle("ops-picked", !!model.get("value") && !state.changing);
    parts.picked.replaceChildren(model.get("value") || "No module yet");
  };
  draw();
  watch(
    model,
    ["packages", "package", "custom", "modules", "loading", "error"],
    signal,
    draw,
  );
  watch(model, ["value"], signal, () => {
    state.active = model.get("value");
    state.changing = !model.get("value");
    draw();
  });
}

function choose(model: AnyModel<Model>, state: ListState, name: string): void {
  state.active = name;
  state.changing = false;
  if (model.get("value") === name) {
    // The same again: on a phone this folds the list away once more.
    model.set("value", "");
  }
  save(model, { value: name });
}

function visibleRows(model: AnyModel<Model>, state: ListState): Listing[] {
  const shown = model.get("package");
  return model.get("modules").filter((row) => {
    if (shown && !belongs(row, shown)) return false;
    if (!state.hidden && row.kind === "not runnable") return false;
    return matches(row, state.filter);
  });
}

/** Whether a row is in a package, or is the custom module itself. */
function belongs(row: Listing, name: string): boolean {
  return row.package === name || row.name === name || row.name.startsWith(`${name}.`);
}

function countText(shown: number, all: number): string {
  return shown === all ? `${all}` : `${shown} of ${all}`;
}

function emptyText(model: AnyModel<Model>, state: ListState): string {
  if (model.get("error")) return "";
  if (model.get("loading")) return "Reading the modules\u2026";
  if (state.filter)
    return "No module matches. Clear the filter, or search a title's word.";
  if (model.get("modules").some((row) => !isRunnable(row))) {
    return "Nothing here can be run as it is. Show the rest below to see why.";
  }
  return (
    "No modules here yet. Name your packages in opsdash.toml " +
    '(runners_package = "my_package"), then refresh; or pick a custom one above.'
  );
}

function drawNote(note: HTMLElement, model: AnyModel<Model>, state: ListState): void {
  const row = model.get("modules").find((item) => item.name === state.active);
  // Of the picked one the form says it, with what to do about it.
  const isBroken = row?.kind === "broken" && row.name !== model.get("value");
  const text = model.get("error") || (isBroken ? row.error : "");
  note.hidden = !text;
  note.replaceChildren(icon("warning"), h("span", {}, ...prose(text)));
}

function drawFoot(
  foot: HTMLElement,
  model: AnyModel<Model>,
  state: ListState,
  redraw: () => void,
): void {
  const count = model.get("modules").filter((row) => !isRunnable(row)).length;
  foot.hidden = count === 0;
  const box = h("input", {
    type: "checkbox",
    checked: state.hidden,
    onchange: () => {
      state.hidden = box.checked;
      redraw();
    },
  });
  foot.replaceChildren(h("label", {}, box, `Show ${count} that cannot be run`));
}

function build(model: AnyModel<Model>, state: ListState, draw: () => void) {
  const count = h("span", {
    class: "ops-picker-count ops-muted",
    "aria-live": "polite",
  });
  const note = h("div", { class: "ops-picker-note", role: "alert" });
  const list = h("div", { class: "ops-picker-list" });
  const foot = h("div", { class: "ops-picker-foot ops-muted" });
  const custom = customBox((name) => save(model, { custom: name, package: name }));
  const packages = h("select", { class: "ops-input", "aria-label": "Package" });
  const showPackages = (): void => drawPackages(packages, model);
  packages.addEventListener("change", () => {
    if (packages.value === CUSTOM) {
      showPackages();
      custom.open();
    } else {
      custom.close();
      save(model, { package: packages.value });
    }
  });
  const filter = h("input", {
    class: "ops-input",
    type: "search",
    placeholder: "Filter modules",
    "aria-label": "Filter modules",
    "data-ops-filter": true,
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      state.filter = filter.value;
      draw();
    },
    onkeydown: (event: Event) => {
      const { key, ctrlKey, metaKey } = event as KeyboardEvent;
      if (ctrlKey || metaKey) return;
      const first = list.querySelector<HTMLElement>(".ops-picker-row");
      if (key === "ArrowDown") enterList(list, state);
      else if (key === "Enter" && filter.value !== "") first?.click();
      else return;
      event.preventDefault();
    },
  });
  const refresh = h(
    "button",
    {
      class: "ops-button ops-icon-button",
      type: "button",
      title: "Read the list again",
      "aria-label": "Refresh the list",
      onclick: () => model.send({ kind: "refresh" }),
    },
    icon("refresh"),
  );
  const picked = h("span", { class: "ops-picked-name" });
  const change = h(
    "button",
    {
      class: "ops-button",
      type: "button",
      onclick: () => {
        state.changing = true;
        draw();
        filter.focus();
      },
    },
    "Change",
  );
  const elements = [
    h("div", { class: "ops-picked-bar" }, picked, change),
    h(
      "div",
      { class: "ops-picker-head" },
      h("div", { class: "ops-picker-line" }, packages, refresh),
      custom.element,
      h(
        "div",
        { class: "ops-picker-line ops-picker-filter" },
        icon("search"),
        filter,
        h("kbd", { class: "ops-kbd", "aria-hidden": "true" }, "/"),
        count,
      ),
    ),
    note,
    list,
    foot,
  ];
  return { elements, count, note, list, foot, picked, showPackages };
}

function drawPackages(select: HTMLSelectElement, model: AnyModel<Model>): void {
  const names = [...model.get("packages")];
  const custom = model.get("custom");
  if (custom && !names.includes(custom)) names.push(custom);
  const all = model.get("packages").length === 1 ? "All modules" : "All packages";
  select.replaceChildren(
    h("option", { value: "" }, all),
    ...names.map((name) => h("option", { value: name }, name)),
    ...(model.get("may_customise")
      ? [h("option", { value: CUSTOM }, "Custom package or module\u2026")]
      : []),
  );
  select.value = model.get("package");
}

export default { render };
