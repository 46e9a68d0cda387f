// Values that come from elsewhere, and words whose day has changed overnight.
import type { FieldView } from "./context";
import { formatOf, resolveDate } from "./dates";
import { type Values, keyOf } from "./spec";
import type { FormState } from "./state";

/** Take over values that somebody else set; only what differs is drawn anew. */
export function adopt(
  state: FormState,
  views: ReadonlyMap<string, FieldView>,
  values: Values,
): void {
  const before = new Map([...views.values()].map((view) => [view, now(state, view)]));
  state.root = values;
  state.picked.clear();
  for (const [view, was] of before) {
    if (views.get(view.key) !== view || now(state, view) === was) continue;
    state.forgetTyped(view.key);
    view.rebuild();
  }
}

function now(state: FormState, { argument, path }: FieldView): string {
  const level = state.level(path);
  const value = argument ? state.get(path, argument.id) : level.command?.name;
  return JSON.stringify(value) ?? "";
}

/** Give the words that were typed (`today`, `t-1`) the day that they stand for now. */
export function resolveAgain(
  state: FormState,
  views: ReadonlyMap<string, FieldView>,
  today: Date,
): void {
  for (const view of views.values()) {
    const { argument, path } = view;
    if (!argument) continue;
    const value = state.get(path, argument.id);
    const list = Array.isArray(value) ? value : [value];
    const fresh = list.map((one: unknown, at) => {
      const word = state.typedAt(keyOf(path, argument.id), at);
      const isOne = word !== undefined && typeof one === "string";
      return isOne ? resolveDate(word, today, formatOf(argument)) : one;
    });
    if (JSON.stringify(fresh) === JSON.stringify(list)) continue;
    state.set(path, argument.id, Array.isArray(value) ? fresh : fresh[0]);
    view.rebuild();
  }
}
