// One line as an element: number, time, the sign of stderr, the text with its colours
// and with what was searched for.
import { h } from "../shared/dom.ts";
import { exact } from "../shared/time.ts";
import { drawGap } from "./gap.ts";
import type { Line } from "./protocol.ts";

const MOST_MARKS = 200; // marks in one line; more are of no use to anyone

export interface Look {
  numbers: boolean;
  times: boolean;
  digits: number;
  search: RegExp | null;
}

export interface State {
  current: boolean;
  selected: boolean;
}

/** A line that has not come yet: its place, and its number where that is known. */
export function drawWaiting(row: number | null, look: Look): HTMLElement {
  const text = row === null ? "" : String(row + 1);
  const number = look.numbers ? gutter(text, look) : null;
  return h("div", { class: "ops-log-row ops-log-waiting" }, number, "\u00a0");
}

export function drawLine(line: Line, look: Look, state: State): HTMLElement {
  if (line.gap) return drawGap(line);
  const printed = line.number + line.lost;
  const element = h("div", { class: "ops-log-row", "data-line": printed });
  element.classList.toggle("ops-log-err", line.stream === 2);
  element.classList.toggle("ops-log-current", state.current);
  element.classList.toggle("ops-log-selected", state.selected);
  if (look.numbers) element.append(gutter(String(printed + 1), look));
  if (look.times) element.append(clock(line.time));
  element.append(sign(line), text(line, look.search));
  if (line.cut) {
    const whole = { class: "ops-log-whole", type: "button" };
    element.append(h("button", whole, "… show whole line"));
  }
  return element;
}

function gutter(number: string, look: Look): HTMLElement {
  return h("span", {
    class: "ops-log-number",
    style: `width: ${look.digits + 1}ch`,
    "data-number": number,
    "aria-hidden": "true",
  });
}

function clock(time: number | null): HTMLElement {
  const shown = time === null ? "" : timeOfDay(time);
  return h("span", {
    class: "ops-log-time",
    "data-time": shown,
    title: exact(time),
  });
}

function timeOfDay(epoch: number): string {
  const date = new Date(epoch * 1000);
  const two = (part: number): string => String(part).padStart(2, "0");
  const parts = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two);
  return `${parts.join(":")}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

function sign(line: Line): HTMLElement {
  const isError = line.stream === 2;
  const attributes = { class: "ops-log-sign", title: isError ? "stderr" : null };
  return h(
    "span",
    attributes,
    isError && h("span", { class: "ops-visually-hidden" }, "stderr: "),
  );
}

/** The text, parted wherever a colour or a mark begins or ends. */
function text(line: Line, search: RegExp | null): HTMLElement {
  const element = h("span", { class: "ops-log-text" });
  const marks = search ? matches(line.text, search) : [];
  if (marks.length === 0 && line.styles.length === 0) {
    element.textContent = line.text === "" ? "\u200b" : line.text;
    return element;
  }
  const edges = new Set([0, line.text.length]);
  for (const [start, end] of [...marks, ...line.styles]) edges.add(start).add(end);
  const places = [...edges].sort((left, right) => left - right);
  places.slice(0, -1).forEach((start, at) => {
    const end = places[at + 1] ?? start;
    element.append(piece(line, marks, start, end));
  });
  return element;
}

function piece(
  line: Line,
  marks: readonly (readonly [number, number])[],
  start: number,
  end: number,
): Node | string {
  const inside = ([low, high]: readonly [number, number, ...unknown[]]): boolean =>
    low <= start && end <= high;
  const content = line.text.slice(start, end);
  const names = line.styles.find(inside)?.[2].split(" ") ?? [];
  const classes = names.map((name) => `ops-sgr-${name}`).join(" ");
  if (marks.some(inside)) return h("mark", { class: classes }, content);
  return classes ? h("span", { class: classes }, content) : content;
}

function matches(content: string, search: RegExp): [number, number][] {
  const found: [number, number][] = [];
  search.lastIndex = 0;
  let match = search.exec(content);
  while (match !== null && found.length < MOST_MARKS) {
    if (match[0] === "") {
      search.lastIndex += 1;
    } else {
      found.push([match.index, match.index + match[0].length]);
    }
    match = search.exec(content);
  }
  return found;
}
