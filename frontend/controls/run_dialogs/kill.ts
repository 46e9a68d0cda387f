// "Kill a process": a number, then what the process is, and only then the button.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { prose } from "../shared/prose";
import { ago, exact } from "../shared/time";
import { bytes } from "../shared/units";
import type { Form, Model, ProcessRow } from "./traits";

let forms = 0;

export function killForm(model: AnyModel<Model>, close: () => void): Form {
  const id = `ops-kill-${++forms}`;
  let named = 0; // the process that is shown, of the number that stands in the field
  const input = h("input", {
    class: "ops-input ops-code",
    id,
    inputmode: "numeric",
    autocomplete: "off",
    spellcheck: "false",
    oninput: () => {
      named = 0;
      update();
    },
  });
  const tree = h("input", { type: "checkbox" });
  const now = h("input", { type: "checkbox", onchange: () => update() });
  const choices = h(
    "div",
    { class: "ops-dialog-choices" },
    h("label", {}, tree, "With all below it, but for runs"),
    h("label", {}, now, "At once (SIGKILL), without its clean-up"),
  );
  const find = h("button", { class: "ops-button", type: "submit" }, "Find");
  const facts = h("dl", { class: "ops-dialog-facts" });
  const hint = h("p", { class: "ops-muted" });
  const problem = h("p", { class: "ops-error-text", role: "alert" });
  const kill = h("button", {
    class: "ops-button ops-danger",
    type: "button",
    onclick: () =>
      model.send({
        kind: "kill_process",
        pid: named,
        tree: tree.checked,
        now: now.checked,
      }),
  });
  const cancel = h(
    "button",
    { class: "ops-button", type: "button", onclick: close },
    "Cancel",
  );
  const element = h(
    "form",
    {
      onsubmit: (event: Event) => {
        event.preventDefault();
        model.send({ kind: "find_process", pid: input.value.trim() });
      },
    },
    h("label", { for: id }, "Process id (PID)"),
    h("div", { class: "ops-dialog-line" }, input, find),
    problem,
    facts,
    choices,
    hint,
    h("div", { class: "ops-dialog-answers" }, kill, cancel),
  );
  const update = (): void => {
    const process = model.get("process");
    const busy = model.get("busy");
    const asked = Number(input.value.trim());
    named = process.pid === asked ? asked : 0;
    const isNamed = named > 0;
    find.disabled = busy !== "";
    const said = isNamed || input.value ? model.get("problem") : "";
    problem.replaceChildren(...prose(said));
    facts.replaceChildren(...(isNamed ? factsOf(process) : []));
    const gently = `It gets SIGTERM, and SIGKILL ${model.get("grace_s")} s later.`;
    const hints = now.checked ? "It gets SIGKILL." : gently;
    hint.textContent = isNamed ? hints : "You see what it is before it is killed.";
    choices.hidden = !isNamed;
    kill.hidden = !isNamed;
    kill.disabled = busy !== "";
    kill.replaceChildren(
      ...(busy
        ? [h("span", { class: "ops-spinner", "aria-hidden": "true" }), busy]
        : [icon("cross"), `Kill ${named}`]),
    );
  };
  const open = (): void => {
    input.value = "";
    tree.checked = now.checked = false;
    update();
  };
  return { title: "Kill a process", element, open, update, focus: () => input.focus() };
}

function factsOf(process: ProcessRow): HTMLElement[] {
  const { started, memory } = process;
  const rows: [string, string, string][] = [
    ["Command", process.command ?? "", "ops-code"],
    ["User", process.user ?? "", ""],
    ["Started", started ? `${exact(started)} (${ago(started)})` : "", ""],
    ["Memory", memory ? bytes(memory) : "", ""],
    ["Note", process.note ?? "", ""],
  ];
  return rows
    .filter(([, value]) => value !== "")
    .flatMap(([name, value, look]) => [
      h("dt", {}, name),
      h("dd", look ? { class: look } : {}, value),
    ]);
}
