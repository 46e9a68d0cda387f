// A small line of the last minutes, beside the number that it leads to.
import { s } from "../shared/svg";
import { linePath } from "./scale";

const WIDTH = 72;
const HEIGHT = 18;
const INSET = 1.5; // half a line's width, so that none is cut at the edge

/** A line that is drawn again in place; the number beside it is its alternative. */
export class Sparkline {
  readonly element = s("svg", {
    class: "ops-spark",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    "aria-hidden": "true",
  });
  private readonly area = s("path", { class: "ops-spark-area" });
  private readonly line = s("path", { class: "ops-spark-line" });

  constructor() {
    this.element.append(this.area, this.line);
  }

  /** Draw values over their times, from 0 to the greatest, or to `atLeast`. */
  draw(at: readonly number[], values: readonly number[], atLeast: number): void {
    const first = at[0] ?? 0;
    const span = Math.max((at.at(-1) ?? 0) - first, 1);
    const top = Math.max(atLeast, ...values);
    const points = values.map((value, place): [number, number] => [
      INSET + ((WIDTH - 2 * INSET) * ((at[place] ?? first) - first)) / span,
      HEIGHT - INSET - ((HEIGHT - 2 * INSET) * value) / top,
    ]);
    this.line.setAttribute("d", linePath(points));
    this.area.setAttribute("d", linePath(points, HEIGHT - INSET));
    this.element.toggleAttribute("data-empty", points.length < 2);
  }
}
