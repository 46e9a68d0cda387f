// A line of arguments as in a shell, with the words that it splits into below it.
import { h } from "../shared/dom";
import type { ControlProps } from "./controls";
import { bareInput } from "./inputs";
import { joinShell, splitShell } from "./shell";

const MOST = 24;

export const OPEN_QUOTE = "A quote is not closed.";

/** The rest of the command line, passed on as it is. */
export function raw(props: ControlProps): HTMLElement {
  const words = Array.isArray(props.value) ? props.value.map(String) : [];
  // An open quote is kept as it was typed; it is no value yet.
  const typed = props.typed(0);
  const { id, name, left, hooks, argument, key } = props;
  const input = bareInput({
    ...{ id, name, left, hooks, argument, key },
    value: typed ?? joinShell(words),
    placeholder: "word 'two words' --option=value",
    change: () => undefined,
  });
  input.classList.add("ops-code");
  const shown = tokens();
  const read = (): void => {
    const split = splitShell(input.value);
    shown.show(split);
    props.setTyped(0, split === null ? input.value : undefined);
    props.refuse(split === null ? OPEN_QUOTE : "");
    if (split) props.change(split.length > 0 ? split : undefined);
  };
  input.oninput = read;
  shown.show(splitShell(input.value));
  if (typed !== undefined) props.refuse(OPEN_QUOTE);
  return h("div", { class: "ops-raw" }, input, shown.element);
}

/** The words one by one, so that quotes and spaces are seen to mean what they should. */
export function tokens(): {
  element: HTMLElement;
  show: (words: readonly string[] | null) => void;
} {
  const element = h("div", { class: "ops-tokens", "aria-live": "polite" });
  const show = (words: readonly string[] | null): void => {
    element.hidden = words !== null && words.length === 0;
    if (words === null) return element.replaceChildren();
    const shown = words
      .slice(0, MOST)
      .map((word) => h("code", { class: "ops-token" }, word === "" ? "''" : word));
    const more = words.length - MOST;
    const rest =
      more > 0 ? h("span", { class: "ops-muted" }, `and ${more} more`) : null;
    element.replaceChildren(...shown, ...(rest ? [rest] : []));
  };
  return { element, show };
}
