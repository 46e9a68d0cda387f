// One key and its value: two inputs, the comment above, the problem below.
import { h, icon } from "../shared/dom";
import { settle } from "../shared/watch";
import { TYPING_PAUSE_MS, type EntryView, type Send } from "./model";

export interface Row {
  /** Names the row in messages: its key may be about to change. */
  id: string;
  element: HTMLElement;
  /** The key as Python knows it. */
  key: string;
  /** The key that Python was asked to give it, until it answers. */
  renaming: string;
  focusValue(): void;
  update(entry: EntryView, readonly: boolean, seen: number): void;
  refuse(message: string): void;
  /** Let go of what was refused: the next view shows what there is. */
  forget(): void;
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
  let sent = 0;
  let refused = "";
  let shown = first;

  const typing = settle(() => {
    if (!typed) return;
    typed = false;
    const value = field.value;
    sent = send("set", { section: section(), key: row.key, value, field: id });
  }, TYPING_PAUSE_MS);
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
    typing.now();
    refused = "";
    drawProblem();
    if (to === row.key) return;
    row.renaming = to;
    send("rename", { section: section(), key: row.key, to, field: id });
  };
  keyInput.addEventListener("change", rename);
  keyInput.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    keyInput.value = row.key;
    refused = "";
    drawProblem();
  });
  remove.addEventListener("click", () => {
    typed = false;
    send("remove", { section: section(), key: row.key });
  });

  const drawProblem = (): void => {
    const text = refused || shown.problem;
    problem.replaceChildren(...(text ? [icon("warning"), h("span", {}, text)] : []));
    problem.dataset["tone"] = refused ? "error" : "warn";
    const badKey = refused !== "" && keyInput.value !== row.key;
    keyInput.setAttribute("aria-invalid", String(badKey));
    field.setAttribute("aria-invalid", String(refused !== "" && !badKey));
  };

  const row: Row = {
    id,
    element,
    key: first.key,
    renaming: "",
    focusValue: () => field.focus(),
    update(entry, readonly, seen) {
      if (needsOther(field, entry)) {
        const next = makeField(entry, problem.id);
        field.replaceWith(next);
        field = next;
        listen();
      }
      shown = entry;
      row.key = entry.key;
      if (row.renaming === entry.key) row.renaming = "";
      comment.textContent = entry.comment;
      // What was refused, or is being typed, stays until it is mended.
      if (!refused && !row.renaming && document.activeElement !== keyInput) {
        keyInput.value = entry.key;
      }
      const current = !typed && !refused && seen >= sent;
      if (current && !sameText(field.value, entry)) field.value = entry.value;
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
      row.renaming = "";
      drawProblem();
    },
    forget() {
      refused = "";
      row.renaming = "";
    },
    flush: typing.now,
  };
  listen();
  return row;
}

/** Whether a field need not be touched: Python leaves out the space around a value. */
function sameText(typed: string, entry: EntryView): boolean {
  return entry.secret ? typed === "" : typed.trim() === entry.value;
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
