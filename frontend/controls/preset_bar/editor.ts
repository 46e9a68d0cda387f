// The JSON of a preset, any part of it: a tree on the left, the part's text on the right.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { type Path, jsonTree, nodeAt, withNode } from "./tree";
import type { Check, Json, Model, Send } from "./traits";

export interface Editor {
  element: HTMLDialogElement;
  open: () => void;
  close: () => void;
  update: () => void;
}

export function jsonEditor(model: AnyModel<Model>, send: Send): Editor {
  let draft: Json = {};
  let path: Path = [];
  let wrong = "";

  const where = h("span", { class: "ops-code ops-preset-where" });
  const area = h("textarea", {
    class: "ops-input ops-code ops-preset-json",
    spellcheck: "false",
    autocomplete: "off",
    wrap: "off",
    "aria-label": "JSON of the chosen part",
  });
  const message = h("div", { class: "ops-preset-verdict", role: "status" });
  const tree = jsonTree(
    () => path,
    (to, enter) => {
      if (wrong) return area.focus();
      path = to;
      show();
      if (enter) area.focus();
    },
  );
  const check = button("Validate", "", () => send("validate", { document: draft }));
  const apply = button("Apply to the form", "ops-primary", () =>
    send("apply", { document: draft }),
  );
  const element = h(
    "dialog",
    { class: "ops-preset-dialog", "aria-label": "The preset as JSON" },
    h(
      "div",
      { class: "ops-preset-dialog-head" },
      h("h2", { class: "ops-heading" }, "The preset as JSON"),
      h(
        "button",
        {
          class: "ops-button ops-quiet ops-icon-button",
          type: "button",
          "aria-label": "Close",
          onclick: () => element.close(),
        },
        icon("close"),
      ),
    ),
    h(
      "div",
      { class: "ops-preset-panes" },
      tree.element,
      h("div", { class: "ops-preset-part" }, where, area),
    ),
    message,
    h(
      "div",
      { class: "ops-preset-dialog-foot" },
      h("span", { class: "ops-muted" }, "Nothing is run, and nothing is saved yet."),
      check,
      apply,
    ),
  );

  const title = (): string => model.get("module");
  const show = (): void => {
    const node = nodeAt(draft, path);
    if (node === undefined) path = path.slice(0, -1);
    where.textContent = [title(), ...path].join(" \u203a ");
    area.value = JSON.stringify(nodeAt(draft, path) ?? null, null, 2);
    judge("");
    tree.draw(draft, title());
  };
  const judge = (text: string): void => {
    wrong = text;
    area.setAttribute("aria-invalid", String(text !== ""));
    check.disabled = apply.disabled = text !== "";
    message.replaceChildren(
      ...(text ? [verdict(false, text)] : found(model.get("check"))),
    );
  };
  area.addEventListener("input", () => {
    try {
      draft = withNode(draft, path, JSON.parse(area.value) as Json);
      model.set("check", {});
      judge("");
      tree.draw(draft, title());
    } catch (error) {
      judge(syntax(error, area.value));
    }
  });
  element.addEventListener("keydown", (event) => event.stopPropagation());
  return {
    element,
    open: () => {
      draft = model.get("document");
      path = [];
      show();
      if (!element.open) element.showModal();
      element.querySelector<HTMLElement>("[role=treeitem]")?.focus();
    },
    close: () => element.close(),
    update: () => {
      if (!wrong) message.replaceChildren(...found(model.get("check")));
    },
  };
}

function button(text: string, name: string, act: () => void): HTMLButtonElement {
  return h(
    "button",
    { class: `ops-button ${name}`, type: "button", onclick: act },
    text,
  );
}

function found(check: Check): HTMLElement[] {
  if (!check.message) return [];
  const fields = Object.entries(check.fields ?? {});
  return [
    verdict(check.accepted === true, check.message),
    ...(check.accepted
      ? []
      : fields
          .filter(([path, text]) => path && !check.message?.includes(text))
          .map(([path, text]) =>
            h("div", {}, h("span", { class: "ops-code" }, path), ` ${text}`),
          )),
  ];
}

function verdict(good: boolean, text: string): HTMLElement {
  return h(
    "p",
    { class: "ops-preset-finding", "data-tone": good ? "success" : "error" },
    icon(good ? "check" : "warning", 14),
    h("span", {}, text),
  );
}

/** What the browser says of wrong JSON, with the line where it tells the place. */
function syntax(error: unknown, text: string): string {
  const said = error instanceof Error ? error.message : String(error);
  if (/line \d+/.test(said)) return `This is no JSON: ${said}.`;
  const place = /position (\d+)/.exec(said);
  const at = place ? text.slice(0, Number(place[1])).split("\n").length : 0;
  return `This is no JSON${at ? `, line ${at}` : ""}: ${said}.`;
}
