// What is about to be launched: environment, command, dry run, run.
import type { AnyModel, RenderProps } from "@anywidget/types";
import { h, icon } from "./shared/dom";
import { environmentTone } from "./shared/environment";
import { keepKeys } from "./shared/keys";
import { hear, save, watch } from "./shared/watch";
import { commandBox, previewBox } from "./launch_bar/command";
import { limitsBox } from "./launch_bar/limits";
import { messageBox } from "./launch_bar/messages";
import type { Model } from "./launch_bar/traits";

let bars = 0;

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-launch_bar");
  keepKeys(el);
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", model.get("label"));
  const id = `ops-launch-${++bars}`;
  let asking = false;

  const command = commandBox(model);
  const limits = limitsBox(model, id, signal);
  const preview = h("div", {});
  const message = h("div", { class: "ops-launch-message", id: `${id}-message` });
  const details = h(
    "div",
    { class: "ops-launch-details" },
    h("h2", { class: "ops-heading" }, "Launch"),
    environmentField(model, id, signal),
    requesterField(model, id, signal),
    limits.element,
    command.element,
    preview,
  );
  const dryRun = (): void => {
    limits.flush();
    model.send({ kind: "dry_run", ...shown(model) });
  };
  const pressed = { run: () => press(), dryRun };
  const buttons = launchButtons(model, el, `${id}-message`, pressed);
  el.append(details, h("div", { class: "ops-launch-foot" }, message, buttons.element));

  const run = (confirmed: boolean): void => {
    asking = false;
    limits.flush();
    model.send({ kind: "run", confirmed, ...shown(model) });
    draw();
  };
  const press = (): void => {
    asking = model.get("confirm") !== "";
    if (asking) draw();
    else run(false);
  };
  const draw = (): void => {
    command.update();
    preview.replaceChildren(...previewBox(model));
    message.replaceChildren(
      ...messageBox(model, asking, {
        yes: () => run(true),
        no: () => {
          asking = false;
          draw();
          buttons.run.focus();
        },
      }),
    );
    if (asking) message.querySelector<HTMLElement>("[data-yes]")?.focus();
    buttons.update();
  };
  draw();
  watch(model, DRAWN, signal, draw);
  watch(model, ["preview"], signal, () => {
    if (!preview.firstElementChild) return;
    el.classList.add("ops-open"); // on a phone the answer is in what is folded away
    buttons.update();
    preview.firstElementChild.scrollIntoView({ block: "nearest" });
  });
  watch(model, ["module", "environment"], signal, () => {
    asking = false;
    draw();
  });
  hear(model, "ask", signal, () => {
    asking = true;
    draw();
  });
}

/** What the bar shows goes with a press: a message may overtake the traits. */
function shown(model: AnyModel<Model>): Record<string, unknown> {
  const names = ["environment", "requested_by", "limits"] as const;
  return Object.fromEntries(names.map((name) => [name, model.get(name)]));
}

const DRAWN = [
  "shell_line",
  "python_call",
  "blocked",
  "revealable",
  "missing",
  "unchecked",
  "confirm",
  "busy",
  "problem",
  "preview",
  "environments",
];

function environmentField(
  model: AnyModel<Model>,
  id: string,
  signal: AbortSignal | undefined,
): HTMLElement {
  const select = h("select", {
    class: "ops-input ops-launch-environment",
    id: `${id}-environment`,
    onchange: () => save(model, { environment: select.value }),
  });
  const draw = (): void => {
    const rows = model.get("environments");
    const name = model.get("environment");
    const known = rows.some((row) => row.name === name);
    select.replaceChildren(
      ...(known
        ? []
        : [h("option", { value: name }, name || "none: the panel's own Python")]),
      ...rows.map((row) => h("option", { value: row.name }, row.name)),
    );
    select.value = name;
    select.dataset["tone"] = environmentTone(rows.find((row) => row.name === name));
  };
  draw();
  watch(model, ["environments", "environment"], signal, draw);
  return h(
    "div",
    { class: "ops-launch-field" },
    h("label", { for: select.id }, "Environment"),
    select,
  );
}

function requesterField(
  model: AnyModel<Model>,
  id: string,
  signal: AbortSignal | undefined,
): HTMLElement {
  const input = h("input", {
    class: "ops-input",
    id: `${id}-requester`,
    value: model.get("requested_by"),
    autocomplete: "off",
    oninput: () => save(model, { requested_by: input.value }),
  });
  watch(model, ["requested_by"], signal, () => {
    if (input.value !== model.get("requested_by"))
      input.value = model.get("requested_by");
  });
  return h(
    "div",
    { class: "ops-launch-field" },
    h("label", { for: input.id }, "Requested by"),
    input,
  );
}

function launchButtons(
  model: AnyModel<Model>,
  root: HTMLElement,
  reason: string,
  pressed: { run: () => void; dryRun: () => void },
) {
  const fold = h("button", {
    class: "ops-button ops-quiet ops-launch-fold",
    type: "button",
    onclick: () => {
      root.classList.toggle("ops-open");
      update();
    },
  });
  const dry = h(
    "button",
    {
      class: "ops-button",
      type: "button",
      title: "Show what would be run, without running it",
      "aria-describedby": reason,
      onclick: pressed.dryRun,
    },
    "Dry run",
  );
  const run = h("button", {
    class: "ops-button ops-primary",
    type: "button",
    "data-ops-run": true,
    "aria-describedby": reason,
    onclick: pressed.run,
  });
  const update = (): void => {
    const busy = model.get("busy");
    const blocked = model.get("blocked");
    run.disabled = dry.disabled = blocked !== "" || busy !== "";
    run.title = blocked || "Run (Ctrl+Enter)";
    run.replaceChildren(
      ...(busy
        ? [h("span", { class: "ops-spinner", "aria-hidden": "true" }), busy]
        : ["Run", icon("play")]),
    );
    const open = root.classList.contains("ops-open");
    fold.setAttribute("aria-expanded", String(open));
    fold.replaceChildren(
      icon(open ? "down" : "up"),
      h("span", {}, model.get("environment") || "Options"),
    );
    fold.dataset["tone"] = environmentTone(
      model.get("environments").find((row) => row.name === model.get("environment")),
    );
  };
  const element = h("div", { class: "ops-launch-buttons" }, fold, dry, run);
  return { element, run, update };
}

export default { render };
