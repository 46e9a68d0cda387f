// The command, live, as a shell line and as Python; and what a dry run found.
import type { AnyModel } from "@anywidget/types";
import { copyText } from "../shared/clipboard";
import { h, icon } from "../shared/dom";
import type { Model, Preview } from "./traits";

const SHOWN_MS = 1500;

export function commandBox(model: AnyModel<Model>): {
  element: HTMLElement;
  update: () => void;
} {
  let python = false;
  const text = h("pre", { class: "ops-code ops-launch-command", tabindex: "0" });
  const current = (): string => model.get(python ? "python_call" : "shell_line");
  const tab = (name: string, isPython: boolean): HTMLButtonElement =>
    h(
      "button",
      {
        class: "ops-tab",
        type: "button",
        onclick: () => {
          python = isPython;
          update();
        },
      },
      name,
    );
  const shellTab = tab("Shell", false);
  const pythonTab = tab("Python", true);
  const said = h("span", { role: "status" });
  const copy = h(
    "button",
    {
      class: "ops-button ops-quiet ops-launch-copy",
      type: "button",
      title: "Copy",
      onclick: async () => {
        const done = await copyText(current());
        said.textContent = done ? "Copied" : "Select and copy by hand";
        setTimeout(() => (said.textContent = "Copy"), SHOWN_MS);
      },
    },
    icon("copy"),
    said,
  );
  said.textContent = "Copy";
  const update = (): void => {
    shellTab.setAttribute("aria-pressed", String(!python));
    pythonTab.setAttribute("aria-pressed", String(python));
    text.replaceChildren(...unbroken(current() || "\u00a0"));
    element.hidden = !model.get("shell_line");
  };
  const element = h(
    "div",
    { class: "ops-launch-line" },
    h("div", { class: "ops-launch-tabs" }, shellTab, pythonTab, copy),
    text,
  );
  return { element, update };
}

/** A line breaks between its words, not after the dashes of an option. */
function unbroken(line: string): Node[] {
  return line
    .split(/(\s+)/)
    .map((word) =>
      word.trim() ? h("span", { class: "ops-whole" }, word) : new Text(word),
    );
}

/** A dry run's answer: everything that a launch would use. */
export function previewBox(model: AnyModel<Model>): HTMLElement[] {
  const preview = model.get("preview");
  if (!preview.interpreter) return [];
  const variables = Object.entries(preview.variables ?? {});
  const argv = preview.argv ?? [];
  const rows: [string, string][] = [
    ["Arguments", argv.length > 0 ? argv.map((one) => quoted(one)).join("\n") : "none"],
    ["Interpreter", preview.interpreter],
    ["Folder", preview.cwd ?? ""],
    ["Environment", preview.environment || "none"],
    [
      "Variables",
      variables.map(([name, value]) => `${name}=${value}`).join("\n") || "none",
    ],
    ["Limits", preview.limits?.join("\n") || "none"],
  ];
  return [
    h(
      "div",
      {
        class: "ops-launch-preview",
        role: "status",
        "data-verdict": preview.verdict ?? "",
      },
      h(
        "div",
        { class: "ops-launch-preview-head" },
        icon(preview.verdict === "refused" ? "warning" : "check"),
        h("b", {}, "Dry run: nothing was run"),
        h(
          "button",
          {
            class: "ops-button ops-quiet ops-icon-button",
            type: "button",
            "aria-label": "Close the dry run",
            onclick: () => {
              model.set("preview", {});
              model.save_changes();
            },
          },
          icon("close"),
        ),
      ),
      ...verdictLine(preview),
      h(
        "dl",
        {},
        ...rows.flatMap(([name, value]) => [
          h("dt", {}, name),
          h("dd", { class: "ops-code" }, value),
        ]),
      ),
    ),
  ];
}

/** What the module's own parser says, in its own words. */
function verdictLine(preview: Preview): HTMLElement[] {
  const said = VERDICTS[preview.verdict ?? ""];
  if (!said) return [];
  const words = preview.verdict_message ?? "";
  return [
    h(
      "p",
      { class: "ops-launch-verdict" },
      h("b", {}, said),
      words ? h("span", {}, ` ${words}`) : null,
    ),
  ];
}

const VERDICTS: Record<string, string> = {
  accepted: "Its parser accepts this.",
  refused: "Its parser refuses this:",
  unknown: "Its parser could not say.",
  off: "Not checked by its parser.",
};

/** One argument a line: an empty one and outer spaces stay visible. */
function quoted(argument: string): string {
  return /^\s|\s$|^$/.test(argument) ? JSON.stringify(argument) : argument;
}
