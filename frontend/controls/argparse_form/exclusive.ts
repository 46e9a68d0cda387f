// An exclusive group: radio buttons say which one of its members is given, if any.
import { h } from "../shared/dom";
import { prose } from "../shared/prose";
import { checkGroup } from "./check";
import type { FormContext } from "./context";
import { type Member, fieldView } from "./field";
import { requiredMark } from "./field_parts";
import { displayName, shapeOf } from "./meaning";
import { type Argument, type ExclusiveGroup, type Parser, keyOf } from "./spec";

let counter = 0;

/** The group's frame with its members; `members` are those drawn here. */
export function exclusiveGroup(
  context: FormContext,
  parser: Parser,
  path: readonly string[],
  group: ExclusiveGroup,
  members: Argument[],
): HTMLElement {
  const { state } = context;
  const id = `${context.prefix}-one-${++counter}`;
  const place = keyOf(path, group.arguments.join("|"));
  const remembered = new Map<string, unknown>();
  const rows = new Map<string, { radio: HTMLInputElement; row: HTMLElement }>();
  const message = h("div", {
    class: "ops-field-error ops-error-text",
    id: `${id}-error`,
  });
  const given = (argument: Argument): unknown => state.get(path, argument.id);
  const current = (): string => {
    const found = members.find((one) => given(one) !== undefined);
    return found?.id ?? state.picked.get(place) ?? "";
  };
  const refresh = (): void => {
    const now = current();
    for (const [one, { radio, row }] of rows) {
      radio.checked = one === now;
      row.classList.toggle("ops-unpicked", one !== now);
    }
    const values = state.level(path).values ?? {};
    const isTold = state.showAll || state.touched.has(place);
    message.replaceChildren(...prose(isTold ? checkGroup(parser, group, values) : ""));
  };
  const pick = (argument: Argument | undefined): void => {
    for (const one of members) {
      if (given(one) !== undefined) remembered.set(one.id, given(one));
      state.refused.delete(keyOf(path, one.id));
    }
    state.touched.add(place);
    state.picked.set(place, argument?.id ?? "");
    const value = argument && (remembered.get(argument.id) ?? startOf(argument));
    if (argument && value !== undefined) {
      state.set(path, argument.id, value, parser);
    } else {
      for (const one of members) state.set(path, one.id, undefined);
    }
    for (const one of members) context.views.get(keyOf(path, one.id))?.rebuild();
    wait();
    refresh();
  };
  /** A member that is chosen must get its value before anything is run. */
  const wait = (): void => {
    const now = current();
    for (const one of members) {
      const isEmpty = one.id === now && given(one) === undefined;
      const key = keyOf(path, one.id);
      if (isEmpty)
        state.refused.set(key, `${displayName(one)} is chosen: give its value.`);
      else if (state.refused.get(key)?.includes("is chosen:"))
        state.refused.delete(key);
    }
    state.said();
  };
  let byPointer = false;
  const radio = (value: string, name: string, act: () => void): HTMLInputElement =>
    h("input", {
      type: "radio",
      id: `${id}-${rows.size}${value ? "" : "-none"}`,
      name: id,
      "aria-label": name,
      "aria-describedby": message.id,
      onclick: (event) => (byPointer = (event as MouseEvent).detail > 0),
      onchange: () => {
        act();
        // With the keyboard one may go on to the next; with a pointer one is there.
        if (byPointer) context.views.get(keyOf(path, value))?.focus();
      },
    });
  const drawn = members.map((argument) => {
    const button = radio(argument.id, displayName(argument), () => pick(argument));
    const member: Member = {
      group: place,
      isRequired: !!group.required,
      radio: button,
      changed: () => {
        wait();
        refresh();
      },
      refreshed: refresh,
    };
    const view = fieldView(context, parser, path, argument, member);
    const isWhole = SELF_EVIDENT.has(shapeOf(argument));
    view.element.classList.toggle("ops-whole", isWhole);
    rows.set(argument.id, { radio: button, row: view.element });
    return view.element;
  });
  const none = radio("", "none", () => pick(undefined));
  const noneRow = h(
    "div",
    { class: "ops-field ops-field-none" },
    h("div", { class: "ops-field-name" }, none, h("label", { for: none.id }, "none")),
  );
  if (!group.required) rows.set("", { radio: none, row: noneRow });
  refresh();
  const legend = group.required ? "Exactly one of these" : "At most one of these";
  return h(
    "fieldset",
    {
      class: "ops-one-of",
      role: "radiogroup",
      "aria-required": group.required ? "true" : null,
    },
    h("legend", {}, legend, group.required ? requiredMark() : null),
    ...(group.required ? [] : [noneRow]),
    ...drawn,
    message,
  );
}

/** What a member means once it is chosen, where nothing more need be said. */
const SELF_EVIDENT = new Set(["flag"]);
const STARTS: Record<string, unknown> = { flag: true, count: 1, tristate: true };

function startOf(argument: Argument): unknown {
  return STARTS[shapeOf(argument)];
}
