// What the log limit cut out: a row that says so, the words above the log, and where
// rows are once more of them is gone.
import { h, icon } from "../shared/dom.ts";
import { bytes } from "./amounts.ts";
import type { Line, Tail } from "./protocol.ts";

/** The row that a row is now, or -1 where it is gone. */
export type Renumbering = (row: number) => number;

/** Rows before the gap stay, those behind it move up. */
export function renumbering(tail: Tail): Renumbering {
  const [rows] = tail.moved;
  return (row) => {
    if (row <= tail.gap || tail.gap < 0) return row;
    return row - rows > tail.gap ? row - rows : -1;
  };
}

/** The words of a gap, across the width of the log. */
export function drawGap(line: Line): HTMLElement {
  const words = h("span", { class: "ops-log-gap-text", title: line.text }, line.text);
  const across = h("span", { class: "ops-log-gap-line" }, words);
  return h("div", { class: "ops-log-row ops-log-gap", role: "note" }, across);
}

/** Says above the log that it is not whole, and shows where. */
export class Shortened {
  private readonly amount = h("span");
  readonly element = h(
    "button",
    {
      class: "ops-button ops-quiet ops-log-short",
      type: "button",
      hidden: true,
      onclick: () => this.show(),
    },
    icon("info"),
    this.amount,
  );

  constructor(private readonly show: () => void) {}

  draw(tail: Tail | null): void {
    const gone = tail?.gone ?? null;
    this.element.hidden = gone === null;
    if (gone === null) return;
    const [size, lines] = gone;
    this.amount.textContent = `shortened: ${bytes(size)} cut out`;
    this.element.title =
      `This log was longer than its limit ("Log kept"), so ` +
      `${lines.toLocaleString()} lines were cut out of its middle. Its beginning ` +
      `and its end are here; the run was not disturbed. Press to see where.`;
  }
}
