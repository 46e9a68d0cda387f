// The presets of a module: choose one, keep the form under a name, edit it as JSON.
import type { RenderProps } from "@anywidget/types";
import { h, icon } from "./shared/dom";
import { keepKeys } from "./shared/keys";
import { hear, save, watch } from "./shared/watch";
import { chooser } from "./preset_bar/choose";
import { jsonEditor } from "./preset_bar/editor";
import { chooseFile, saveFile } from "./preset_bar/files";
import { actionsMenu } from "./preset_bar/menu";
import { namingBox } from "./preset_bar/naming";
import { notes } from "./preset_bar/notes";
import { type Model, type Send, chosenRow } from "./preset_bar/traits";

const DRAWN = ["module", "presets", "chosen", "modified", "can_edit", "busy", "drift"];
const TOLD = ["status", "drift", "problem", "busy"];

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-preset_bar");
  keepKeys(el);
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", model.get("label"));
  const send: Send = (kind, content = {}) => model.send({ kind, ...content });
  const row = () => chosenRow(model.get("presets"), model.get("chosen"));

  const choose = chooser(model, send, signal);
  const saver = h("button", { class: "ops-button", type: "button" }, "Save");
  const badge = h("span", { class: "ops-status", "data-tone": "info" }, "modified");
  const naming = namingBox(() => {
    saver.focus();
    if (model.get("problem").message) save(model, { problem: {} });
  });
  const editor = jsonEditor(model, send);
  const told = h("div", { class: "ops-preset-notes" });
  const question = h("div", {});
  const unchanged = (): boolean =>
    !!row() && !model.get("modified") && !model.get("drift").sentence;
  let file = { text: "", name: "" };

  const saveAs = (): void =>
    naming.open({
      title: "Save the form as a preset",
      button: "Save",
      name: row()?.name ?? "",
      description: row()?.description ?? "",
      environment: model.get("environment"),
      act: (name, description, keep) => send("save_as", { name, description, keep }),
    });
  const rename = (): void =>
    naming.open({
      title: "Rename the preset",
      button: "Rename",
      name: row()?.name ?? "",
      act: (name) => send("rename", { name }),
    });
  const importFile = (): void =>
    chooseFile(
      (text, name) => {
        file = { text, name };
        send("import", { ...file, replace: false });
      },
      (message) => save(model, { problem: { message } }),
    );
  saver.addEventListener("click", () =>
    row()?.place === "own" ? send("save") : saveAs(),
  );
  el.append(
    h(
      "div",
      { class: "ops-preset-head" },
      h("h2", { class: "ops-heading" }, "Preset"),
      badge,
    ),
    h(
      "div",
      { class: "ops-preset-line" },
      choose.element,
      saver,
      actionsMenu(model, send, { saveAs, rename, importFile }, signal),
    ),
    naming.element,
    question,
    told,
    editor.element,
  );

  const draw = (): void => {
    el.classList.toggle("ops-none", !model.get("module"));
    choose.update();
    badge.hidden = !(model.get("modified") && row());
    saver.hidden = !model.get("can_edit");
    saver.disabled = model.get("busy") !== "" || unchanged();
    saver.title = saver.disabled ? "The form is what the preset says." : "";
  };
  const tell = (): void => told.replaceChildren(...notes(model, send));
  draw();
  tell();
  watch(model, DRAWN, signal, draw);
  watch(model, TOLD, signal, tell);
  watch(model, ["check"], signal, editor.update);
  watch(model, ["module"], signal, naming.close);
  hear(model, "done", signal, naming.close);
  hear(model, "edit", signal, editor.open);
  hear(model, "applied", signal, editor.close);
  hear(model, "file", signal, ({ name, text }) => saveFile(String(name), String(text)));
  hear(model, "exists", signal, ({ message }) => {
    const close = (): void => question.replaceChildren();
    question.replaceChildren(
      replaceQuestion(String(message), close, () => {
        close();
        send("import", { ...file, replace: true });
      }),
    );
    question.querySelector("button")?.focus();
  });
}

function replaceQuestion(
  message: string,
  no: () => void,
  yes: () => void,
): HTMLElement {
  return h(
    "div",
    {
      class: "ops-preset-note",
      "data-tone": "warn",
      role: "alertdialog",
      "aria-label": "Replace presets",
      onkeydown: (event: Event) => {
        if ((event as KeyboardEvent).key === "Escape") no();
      },
    },
    icon("warning", 14),
    h(
      "div",
      {},
      h("span", {}, message),
      h(
        "div",
        { class: "ops-preset-answers" },
        h("button", { class: "ops-button", type: "button", onclick: yes }, "Replace"),
        h(
          "button",
          { class: "ops-button ops-quiet", type: "button", onclick: no },
          "Leave as it is",
        ),
      ),
    ),
  );
}

export default { render };
