// The configuration editor: toolbar and notices over the fields or the raw text.
import type { RenderProps } from "@anywidget/types";
import { makeForm } from "./config_editor/form";
import type { Model, Notice, Send, Traits } from "./config_editor/model";
import { makeText } from "./config_editor/text";
import { h, icon } from "./shared/dom";
import { keepKeys } from "./shared/keys";
import { hear, save, watch } from "./shared/watch";

/** How often a page in sight looks whether someone else changed the file. */
const CHECK_MS = 15_000;

/** Messages sent so far by every view of this page; Python says which it has seen. */
let messages = 0;

function render({ model, el, signal }: RenderProps<Traits>): void {
  el.classList.add("opsdash", "ops-config-editor");
  keepKeys(el);
  const send: Send = (kind, content = {}) => {
    const number = ++messages;
    model.send({ kind, number, ...content });
    return number;
  };
  const form = makeForm(model, send);
  const text = makeText(model, send);
  const flush = (): void => {
    form.flush();
    text.flush();
  };
  const act = (kind: string) => (): void => {
    flush();
    if (kind !== "save") form.forget();
    send(kind);
  };
  const toolbar = h("div", { class: "ops-config-toolbar" });
  const notices = h("div", { role: "status", "aria-live": "polite" });
  el.append(toolbar, notices, form.element, text.element);

  const draw = (): void => {
    const textual = model.get("mode") === "text";
    drawToolbar(toolbar, model, act, flush);
    drawNotices(notices, model, act);
    form.element.hidden = textual;
    text.element.hidden = !textual;
    if (textual) text.draw();
    else form.draw();
  };
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", model.get("label"));
  draw();
  watch(model, ["view", "selected", "mode", "readonly", "dirty"], signal, draw);
  hear(model, "refused", signal, (message) =>
    form.refuse(String(message["field"]), String(message["message"])),
  );
  hear(model, "added", signal, (message) => form.added(String(message["field"])));
  el.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      flush();
      if (model.get("view").can_save) send("save");
    }
  });
  watchDisk(send, signal);
}

type Act = (kind: string) => () => void;

function drawToolbar(
  bar: HTMLElement,
  model: Model,
  act: Act,
  flush: () => void,
): void {
  const view = model.get("view");
  const focused = bar.contains(document.activeElement)
    ? (document.activeElement as HTMLElement).dataset["name"]
    : undefined;
  const state = h(
    "span",
    { class: "ops-config-state", "data-dirty": model.get("dirty") },
    stateWords(model),
  );
  const actions = h(
    "div",
    { class: "ops-config-actions" },
    button("undo", "Undo", "ops-quiet", !view.can_undo, act("undo")),
    button("discard", "Discard", "ops-quiet", !model.get("dirty"), act("discard")),
    button(
      "save",
      view.exists ? "Save" : "Create file",
      "ops-primary",
      !view.can_save,
      act("save"),
    ),
  );
  bar.replaceChildren(
    h("span", { class: "ops-config-path ops-code", title: view.path }, view.path),
    state,
    modeSwitch(model, flush),
    ...(model.get("readonly") ? [] : [actions]),
  );
  bar.querySelector<HTMLElement>(`[data-name="${focused}"]`)?.focus();
}

function stateWords(model: Model): string {
  const view = model.get("view");
  if (model.get("readonly")) return "View only";
  if (model.get("dirty")) return "Unsaved changes";
  return view.exists || !view.path ? "" : "Not there yet";
}

function button(
  name: string,
  words: string,
  look: string,
  disabled: boolean,
  onclick: () => void,
): HTMLElement {
  const attributes = {
    class: `ops-button ${look}`,
    type: "button",
    disabled,
    onclick,
  };
  return h("button", { ...attributes, "data-name": name }, words);
}

function modeSwitch(model: Model, flush: () => void): HTMLElement {
  const mode = model.get("mode");
  const broken = model.get("view").error !== null;
  const option = (value: Traits["mode"], words: string, disabled = false) =>
    h(
      "button",
      {
        class: "ops-config-mode",
        type: "button",
        "aria-pressed": String(mode === value),
        "data-name": value,
        disabled,
        title: disabled ? "Correct the text first" : undefined,
        onclick: () => {
          flush();
          save(model, { mode: value });
        },
      },
      words,
    );
  return h(
    "div",
    { class: "ops-config-modes", role: "group", "aria-label": "Edit as" },
    option("form", "Fields", broken && mode === "text"),
    option("text", "Text"),
  );
}

function drawNotices(box: HTMLElement, model: Model, act: Act): void {
  const { notice, conflict } = model.get("view");
  const shown: HTMLElement[] = [];
  if (conflict) shown.push(banner(CONFLICT, "Reload", act("reload")));
  if (notice) shown.push(banner(notice, notice.undo ? "Undo" : "", act("undo")));
  const same = box.textContent === shown.map((one) => one.textContent).join("");
  if (!same) box.replaceChildren(...shown);
}

const CONFLICT: Notice = {
  text: "The file was changed on disk by someone else. Reload it; undo then brings your changes back.",
  tone: "warn",
  undo: false,
};

const NOTICE_ICONS: Record<string, string> = {
  success: "check",
  warn: "warning",
  error: "warning",
  info: "dot",
};

function banner(notice: Notice, action: string, onclick: () => void): HTMLElement {
  return h(
    "div",
    { class: "ops-config-notice", "data-tone": notice.tone },
    icon(NOTICE_ICONS[notice.tone] ?? "dot"),
    h("span", {}, notice.text),
    action && h("button", { class: "ops-button", type: "button", onclick }, action),
  );
}

/** Look at the file when the page comes back into sight, and now and then in sight. */
function watchDisk(send: Send, signal: AbortSignal): void {
  const check = (): void => {
    if (document.visibilityState === "visible" && document.hasFocus()) send("check");
  };
  window.addEventListener("focus", check, { signal });
  const timer = setInterval(check, CHECK_MS);
  signal.addEventListener("abort", () => clearInterval(timer));
}

export default { render };
