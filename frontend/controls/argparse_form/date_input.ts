// A date: typed, stepped with the arrow keys, picked from a month, or a word that is
// resolved beside it.
import { h, icon } from "../shared/dom";
import { calendar } from "./calendar";
import {
  addBusinessDays,
  addDays,
  formatOf,
  readDate,
  resolveDate,
  resolveToken,
  spellDate,
  writeDate,
} from "./dates";
import { type ItemProps, bareInput } from "./inputs";
import { Popup } from "./popup";

export function dateInput(props: ItemProps): HTMLElement {
  const format = formatOf(props.argument);
  // A word that was typed for another day, or another row, is not this value's.
  const typed = props.typed ?? "";
  const isWord = resolveDate(typed, new Date(), format) === props.value;
  const text = bareInput({
    ...props,
    value: isWord ? typed : props.value,
    placeholder: props.placeholder || format,
  });
  const said = h("span", { class: "ops-date-said", "aria-live": "polite" });
  const meant = (): Date | null =>
    resolveToken(text.value, new Date()) ?? readDate(text.value, format);
  const show = (): void => {
    const day = meant();
    const isWord = resolveToken(text.value, new Date()) !== null;
    const spelled = day ? spellDate(day) : "";
    said.textContent =
      day && isWord ? `${spelled} (${writeDate(day, format)})` : spelled;
  };
  const update = (): void => {
    show();
    const value = resolveDate(text.value, new Date(), format);
    const isWord = resolveToken(text.value, new Date()) !== null;
    props.change(value === "" ? undefined : value, isWord ? text.value : undefined);
  };
  const fill = (word: string): void => {
    text.value = word;
    update();
    props.left();
  };
  text.oninput = update;
  const open = openButton(props, text, {
    meant,
    pick: (day) => fill(writeDate(day, format)),
    say: fill,
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
    event.preventDefault();
    if (event.altKey) return open.click();
    const by = event.key === "ArrowUp" ? 1 : -1;
    const from = meant() ?? readDate(props.placeholder, format) ?? new Date();
    const to = event.shiftKey ? addBusinessDays(from, by) : addDays(from, by);
    text.value = writeDate(to, format);
    update();
  });
  show();
  return h(
    "div",
    { class: "ops-date" },
    h("div", { class: "ops-with-button" }, text, open),
    said,
  );
}

interface Picking {
  meant: () => Date | null;
  pick: (day: Date) => void;
  say: (word: string) => void;
}

/** The button at the field's end that opens the month. */
function openButton(
  props: ItemProps,
  text: HTMLInputElement,
  picking: Picking,
): HTMLButtonElement {
  let popup: Popup | undefined;
  const closed = (): void => {
    popup = undefined;
    button.setAttribute("aria-expanded", "false");
  };
  const back = (): void => {
    popup?.close();
    text.focus();
  };
  const open = (): void => {
    const month = calendar({
      name: props.name,
      day: picking.meant(),
      today: new Date(),
      pick: (day) => {
        picking.pick(day);
        back();
      },
      say: (word) => {
        picking.say(word);
        back();
      },
      cancel: back,
    });
    popup = new Popup(text.parentElement ?? text, month.element, closed);
    popup.open();
    button.setAttribute("aria-expanded", "true");
    month.focus();
  };
  const button = h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button ops-inside",
      type: "button",
      title: "Pick a day (Alt+Down)",
      "aria-label": `Pick a day for ${props.name}`,
      "aria-haspopup": "dialog",
      "aria-expanded": "false",
      onclick: () => (popup ? popup.close() : open()),
    },
    icon("calendar"),
  );
  return button;
}
