// One key and its value: two inputs, the comment above, the problem below.
import { h, icon } from "../shared/dom";
import { settle } from "../shared/watch";
import { TYPING_PAUSE_MS, type EntryView, type Send } from "./model";

export interface Row {
  element: HTMLElement;
  key: string;
  update(entry: EntryView, readonly: boolean): void;
  refuse(message: string): void;
  /** Send what was typed last and not sent yet. */
  flush(): void;
}

type Field = HTMLInputElement | HTMLTextAreaElement;

let rows = 0;

export function makeRow(section: () => string, first: EntryView, send: Send): Row {
  const id = `ops-config-row-${++rows}`;
  const comment = h("p", { class: "ops-config-comment" });
  const problem = h("p", { class: "ops-config-problem", id: `${id}-problem` });
  const keyInput = h("input", {
    class: "ops-input ops-code ops-config-key",
    spellcheck: "false",
    autocomplete: "off",
    "aria-label": "Key",
    "aria-describedby": problem.id,
  });
  const remove = h(
    "button",
    { class: "ops-button ops-quiet ops-icon-button ops-config-remove", type: "button" },
    icon("trash", 14),
  );
  let field = makeField(first, problem.id);
  const element = h(
    "div",
    { class: "ops-config-row", role: "group" },
    comment,
    keyInput,
    field,
    remove,
    problem,
  );
  let typed = false;
  let refused = "";
  let shown = first;

  const typing = settle(() => {
    if (!typed) return;
    typed = false;
    const value = field.value;
    send("set", {
      section: section(),
      key: row.key,
      value,
      field: fieldName("set"),
    });
  }, TYPING_PAUSE_MS);
  const fieldName = (kind: string): string => `${kind} ${row.key}`;
  const listen = (): void => {
    field.addEventListener("input", () => {
      typed = true;
      refused = "";
      typing.later();
    });
    field.addEventListener("change", typing.now);
  };

  const rename = (): void => {
    const to = keyInput.value.trim();
    if (to === row.key) return;
    typing.now();
    const key = row.key;
    row.key = to;
    send("rename", {
      section: section(),
      key,
      to,
      field: `rename ${to} ${key}`,
    });
  };
  keyInput.addEventListener("change", rename);
  keyInput.addEventListener("keydown", (event) => {
    if (event.key === "Escape") keyInput.value = row.key;
  });
  remove.addEventListener("click", () => {
    typed = false;
    send("remove", { section: section(), key: row.key });
  });

  const drawProblem = (): void => {
    const text = refused || shown.problem;
    problem.replaceChildren(...(text ? [icon("warning"), h("span", {}, text)] : []));
    problem.dataset["tone"] = refused ? "error" : "warn";
    const at = refused.length > 0;
    keyInput.setAttribute("aria-invalid", String(at && row.key !== shown.key));
    field.setAttribute("aria-invalid", String(at && row.key === shown.key));
  };

  const row: Row = {
    element,
    key: first.key,
    update(entry, readonly) {
      if (needsOther(field, entry)) {
        const next = makeField(entry, problem.id);
        field.replaceWith(next);
        field = next;
        listen();
      }
      shown = entry;
      row.key = entry.key;
      comment.textContent = entry.comment;
      if (document.activeElement !== keyInput) keyInput.value = entry.key;
      if (!typed && !refused) field.value = entry.value;
      else if (!typed && document.activeElement !== field) {
        refused = "";
        field.value = entry.value;
      }
      const placeholder = entry.secret ? "•••••• stored, hidden" : "not set";
      field.setAttribute("placeholder", placeholder);
      field.setAttribute("aria-label", `Value of ${entry.key}`);
      remove.setAttribute("aria-label", `Remove ${entry.key}`);
      remove.title = `Remove ${entry.key}`;
      remove.hidden = readonly;
      keyInput.readOnly = field.readOnly = readonly;
      drawProblem();
    },
    refuse(message) {
      refused = message;
      drawProblem();
    },
    flush: typing.now,
  };
  listen();
  return row;
}

/** A value of several lines is a text area; a secret is never shown. */
function makeField(entry: EntryView, describedBy: string): Field {
  const shared = {
    class: "ops-input ops-code ops-config-value",
    spellcheck: "false",
    autocomplete: "off",
    "aria-describedby": describedBy,
  };
  if (!entry.value.includes("\n")) {
    return h("input", { ...shared, type: entry.secret ? "password" : "text" });
  }
  return h("textarea", { ...shared, rows: entry.value.split("\n").length });
}

function needsOther(field: Field, entry: EntryView): boolean {
  if (document.activeElement === field) return false;
  if (field instanceof HTMLTextAreaElement) return !entry.value.includes("\n");
  return entry.value.includes("\n") || (field.type === "password") !== entry.secret;
}
