// A month to pick a day from: weekends dimmed, the usual days one press away.
import { h, icon } from "../shared/dom";
import {
  TOKENS,
  addDays,
  addMonths,
  isWeekend,
  resolveToken,
  spellDate,
  writeDate,
} from "./dates";

const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const WEEKS = 6;
const FIRST = new Date(1900, 0, 1);
const LAST = new Date(2199, 11, 31);

export interface CalendarProps {
  name: string;
  /** The day that is chosen now. */
  day: Date | null;
  today: Date;
  pick: (day: Date) => void;
  /** One of the words was pressed. */
  say: (word: string) => void;
  cancel: () => void;
}

/** The panel, and how to put the focus on its day. */
export function calendar(props: CalendarProps): {
  element: HTMLElement;
  focus: () => void;
} {
  let at = props.day ?? props.today;
  const title = h("div", { class: "ops-calendar-title", "aria-live": "polite" });
  const grid = h("div", { class: "ops-calendar-grid", role: "grid" });
  const draw = (): void => {
    const month = at.toLocaleDateString("en-GB", { month: "long", year: "numeric" });
    title.textContent = month;
    grid.setAttribute("aria-label", month);
    grid.replaceChildren(weekdays(), ...weeks(at, props));
  };
  const move = (day: Date, focus = true): void => {
    at = day < FIRST ? FIRST : day > LAST ? LAST : day;
    draw();
    if (focus) focusDay();
  };
  const focusDay = (): void =>
    grid.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  grid.addEventListener("keydown", (event) => {
    const to = moved(event, at);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    move(to);
  });
  const step = (name: string, label: string, months: number): HTMLElement =>
    h(
      "button",
      {
        class: "ops-button ops-quiet ops-icon-button",
        type: "button",
        title: label,
        "aria-label": label,
        onclick: () => move(addMonths(at, months), false),
      },
      icon(name),
    );
  const element = h(
    "div",
    {
      class: "ops-calendar",
      role: "dialog",
      "aria-label": `A day for ${props.name}`,
      onkeydown: (event) => {
        if ((event as KeyboardEvent).key !== "Escape") return;
        event.stopPropagation();
        event.preventDefault();
        props.cancel();
      },
    },
    h(
      "div",
      { class: "ops-calendar-head" },
      step("left", "Previous month", -1),
      title,
      step("right", "Next month", 1),
    ),
    grid,
    words(props),
  );
  draw();
  return { element, focus: focusDay };
}

/** Where a key leads from a day; null where it is no key of the calendar. */
function moved(event: KeyboardEvent, from: Date): Date | null {
  const months = event.shiftKey ? 12 : 1;
  const weekday = (from.getDay() + 6) % 7;
  const moves: Record<string, () => Date> = {
    ArrowLeft: () => addDays(from, -1),
    ArrowRight: () => addDays(from, 1),
    ArrowUp: () => addDays(from, -7),
    ArrowDown: () => addDays(from, 7),
    PageUp: () => addMonths(from, -months),
    PageDown: () => addMonths(from, months),
    Home: () => addDays(from, -weekday),
    End: () => addDays(from, 6 - weekday),
  };
  return moves[event.key]?.() ?? null;
}

function weekdays(): HTMLElement {
  return h(
    "div",
    { class: "ops-calendar-week", role: "row" },
    ...DAYS.map((day) =>
      h("span", { class: "ops-calendar-weekday", role: "columnheader" }, day),
    ),
  );
}

function weeks(at: Date, props: CalendarProps): HTMLElement[] {
  const first = new Date(at.getFullYear(), at.getMonth(), 1);
  const monday = addDays(first, -((first.getDay() + 6) % 7));
  return Array.from({ length: WEEKS }, (_, week) =>
    h(
      "div",
      { class: "ops-calendar-week", role: "row" },
      ...DAYS.map((_, weekday) =>
        dayCell(addDays(monday, week * 7 + weekday), at, props),
      ),
    ),
  );
}

function dayCell(day: Date, at: Date, props: CalendarProps): HTMLElement {
  const same = (other: Date | null): boolean =>
    other !== null && writeDate(other) === writeDate(day);
  return h(
    "button",
    {
      class: "ops-calendar-day",
      type: "button",
      role: "gridcell",
      tabindex: same(at) ? "0" : "-1",
      "aria-label": spellDate(day),
      "aria-selected": String(same(props.day)),
      "aria-current": same(props.today) ? "date" : null,
      "data-weekend": isWeekend(day),
      "data-outside": day.getMonth() !== at.getMonth(),
      onclick: () => props.pick(day),
    },
    String(day.getDate()),
  );
}

function words(props: CalendarProps): HTMLElement {
  return h(
    "div",
    { class: "ops-calendar-words" },
    ...TOKENS.map(([word, said]) => {
      const day = resolveToken(word, props.today);
      return h(
        "button",
        {
          class: "ops-button ops-quiet",
          type: "button",
          title: `${word}: ${day ? spellDate(day) : ""}`,
          onclick: () => props.say(word),
        },
        h("span", {}, said),
        h("code", { class: "ops-code" }, word),
      );
    }),
  );
}
