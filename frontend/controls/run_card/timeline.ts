// A chart of the section "Resources": lines over time, with axes and a value on hover.
import { h } from "../shared/dom";
import { s } from "../shared/svg";
import { exact } from "../shared/time";
import { described, pauses, written, type Chart, type Resources } from "./resources";
import { linePath, nearest, sinceText, timeTicks, valueTicks } from "./scale";

const HEIGHT = 112;
const LEFT = 68;
const RIGHT = 10;
const TOP = 8;
const BOTTOM = 20;
const LEAST_WIDTH = 200;

/** A chart that is drawn again in place, as wide as what it stands in. */
export class Timeline {
  readonly element: HTMLElement;
  private readonly picture = s("svg", { class: "ops-chart", role: "img", tabindex: 0 });
  private readonly drawn = s("g");
  private readonly cursor = s("g", { class: "ops-chart-cursor" });
  private readonly said = h("span", { class: "ops-chart-said" });
  private readonly legend = h("span", { class: "ops-chart-legend" });
  private chart: Chart | undefined;
  private found: Resources | undefined;
  private width = LEAST_WIDTH;
  private top = 1;
  private pointed = -1;

  constructor(title: string) {
    this.picture.append(this.drawn, this.cursor);
    this.picture.addEventListener("pointermove", (event) => this.hover(event));
    this.picture.addEventListener("pointerleave", () => this.point(-1));
    this.picture.addEventListener("blur", () => this.point(-1));
    this.picture.addEventListener("keydown", (event) => this.press(event));
    this.element = h(
      "figure",
      { class: "ops-chart-box" },
      h(
        "figcaption",
        { class: "ops-chart-head" },
        h("span", { class: "ops-chart-title" }, title),
        this.legend,
        this.said,
      ),
      this.picture,
    );
  }

  draw(chart: Chart, found: Resources): void {
    this.chart = chart;
    this.found = found;
    this.width = Math.max(LEAST_WIDTH, this.element.clientWidth);
    const size = { viewBox: `0 0 ${this.width} ${HEIGHT}`, width: this.width };
    for (const [name, value] of Object.entries({ ...size, height: HEIGHT })) {
      this.picture.setAttribute(name, String(value));
    }
    this.picture.setAttribute("aria-label", described(chart, found.at));
    const greatest = Math.max(0, ...chart.series.flatMap((one) => one.values));
    const ticks = valueTicks(greatest, chart.unit);
    this.top = ticks.at(-1)?.value ?? 1;
    this.drawn.replaceChildren(
      ...this.pauseMarks(),
      ...ticks.map((tick) => this.valueTick(tick.value, tick.text)),
      ...this.times(),
      ...chart.series.flatMap((one, at) => this.lines(one.values, at)),
    );
    this.drawLegend();
    this.point(this.pointed);
  }

  private drawLegend(): void {
    const series = this.chart?.series ?? [];
    const names = series.length > 1 ? series.map((one) => one.label) : [];
    if (names.join() === this.legend.dataset["names"]) return;
    this.legend.dataset["names"] = names.join();
    this.legend.replaceChildren(
      ...names.map((name, at) =>
        h("span", { class: "ops-chart-name", "data-series": at }, name),
      ),
    );
  }

  private lines(values: readonly number[], at: number): SVGElement[] {
    const points = values.map((value, place): [number, number] => [
      this.x(place),
      this.y(value),
    ]);
    const line = s("path", {
      class: "ops-chart-line",
      "data-series": at,
      d: linePath(points),
    });
    if (at > 0) return [line];
    const area = s("path", { class: "ops-chart-area", d: linePath(points, this.y(0)) });
    return [area, line];
  }

  private valueTick(value: number, text: string): SVGElement {
    const y = this.y(value);
    const ends = { x1: LEFT, x2: this.width - RIGHT, y1: y, y2: y };
    return s(
      "g",
      { class: "ops-chart-tick" },
      s("line", ends),
      s("text", { x: LEFT - 6, y: y + 4, "text-anchor": "end" }, text),
    );
  }

  private times(): SVGElement[] {
    const { at } = this.found ?? { at: [] };
    const span = (at.at(-1) ?? 0) - (at[0] ?? 0);
    const room = this.width - LEFT - RIGHT;
    const fits = Math.max(1, Math.floor(room / 64));
    const all = timeTicks(span);
    const every = Math.ceil(all.length / fits);
    return all
      .filter((_, place) => place % every === 0)
      .map(({ value, text }) => {
        const x = LEFT + (room * value) / Math.max(span, 1);
        const isLast = x > this.width - RIGHT - 16;
        const anchor = value === 0 ? "start" : isLast ? "end" : "middle";
        return s(
          "g",
          { class: "ops-chart-tick" },
          s("text", { x, y: HEIGHT - 5, "text-anchor": anchor }, text),
        );
      });
  }

  private pauseMarks(): SVGElement[] {
    return pauses(this.found?.paused ?? []).map(([from, to]) => {
      const x = this.x(from);
      const width = Math.max(2, this.x(to) - x);
      const height = HEIGHT - TOP - BOTTOM;
      const box = { x, y: TOP, width, height };
      return s("rect", { class: "ops-chart-pause", ...box }, s("title", {}, "Paused"));
    });
  }

  private x(place: number): number {
    const at = this.found?.at ?? [];
    const first = at[0] ?? 0;
    const span = Math.max((at.at(-1) ?? 0) - first, 1);
    const room = this.width - LEFT - RIGHT;
    return LEFT + (room * ((at[place] ?? first) - first)) / span;
  }

  private y(value: number): number {
    return HEIGHT - BOTTOM - ((HEIGHT - BOTTOM - TOP) * value) / this.top;
  }

  private hover(event: PointerEvent): void {
    const at = this.found?.at ?? [];
    const box = this.picture.getBoundingClientRect();
    const share = (event.clientX - box.left - LEFT) / (box.width - LEFT - RIGHT);
    const first = at[0] ?? 0;
    this.point(nearest(at, first + share * ((at.at(-1) ?? 0) - first)));
  }

  private press(event: KeyboardEvent): void {
    const many = this.found?.at.length ?? 0;
    const from = this.pointed < 0 ? many : this.pointed;
    const places: Record<string, number> = {
      ArrowLeft: from - 1,
      ArrowRight: from + 1,
      Home: 0,
      End: many - 1,
      Escape: -1,
    };
    const place = places[event.key];
    if (place === undefined) return;
    if (event.key === "Escape" && this.pointed < 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.point(event.key === "Escape" ? -1 : Math.min(many - 1, Math.max(0, place)));
  }

  /** Mark a sample and say its values; -1 marks none. */
  private point(place: number): void {
    const { chart, found } = this;
    this.pointed = place;
    if (!chart || !found || place < 0 || place >= found.at.length) {
      this.pointed = -1;
      this.cursor.replaceChildren();
      this.said.textContent = "";
      return;
    }
    const x = this.x(place);
    const dots = chart.series.map((one, at) => {
      const where = { cx: x, cy: this.y(one.values[place] ?? 0), r: 3 };
      return s("circle", { ...where, "data-series": at });
    });
    const line = { x1: x, x2: x, y1: TOP, y2: HEIGHT - BOTTOM };
    this.cursor.replaceChildren(s("line", line), ...dots);
    this.said.textContent = this.words(chart, found, place);
    this.said.title = exact(found.at[place]);
  }

  private words(chart: Chart, found: Resources, place: number): string {
    const values = chart.series.map((one) => {
      const value = written(one.values[place] ?? 0, chart.unit);
      return chart.series.length > 1 ? `${one.label} ${value}` : value;
    });
    const since = sinceText((found.at[place] ?? 0) - (found.at[0] ?? 0));
    const paused = found.paused[place] ? " · paused" : "";
    return `${values.join(" · ")} at ${since}${paused}`;
  }
}
