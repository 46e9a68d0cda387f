// Where lines and ticks of a chart are, from numbers alone.
import { bytes, percent, rate, sizeStep } from "../shared/units";
import type { Chart } from "./resources";

/** A tick: where on the axis, and what stands there. */
export interface Tick {
  value: number;
  text: string;
}

/** Ticks from 0 to just above the greatest value, three or four of them. */
export function valueTicks(greatest: number, unit: Chart["unit"]): Tick[] {
  const isSize = unit === "bytes" || unit === "rate";
  const scale = isSize ? 1024 ** sizeStep(greatest) : 1;
  const top = Math.max(greatest / scale, unit === "percent" ? 100 : 1);
  const step = isSize
    ? 2 ** Math.ceil(Math.log2(top / TICKS))
    : niceStep(top / TICKS, unit === "count");
  const count = Math.max(1, Math.ceil(top / step - 1e-9));
  return Array.from({ length: count + 1 }, (_, at) => {
    const value = at * step * scale;
    return { value, text: value === 0 ? "0" : tickText(value, unit) };
  });
}

const TICKS = 3;

function tickText(value: number, unit: Chart["unit"]): string {
  if (unit === "percent") return percent(value);
  if (unit === "bytes") return bytes(value);
  return unit === "rate" ? rate(value) : String(value);
}

/** 1, 2 or 5 times a power of ten, at least as great; whole where it counts things. */
function niceStep(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= least);
  return Math.max(step ?? 10 * power, whole ? 1 : 0);
}

const SPANS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400,
];

/** Ticks of the time since the first sample, in seconds. */
export function timeTicks(span: number): Tick[] {
  const step =
    SPANS.find((one) => span / one <= 5) ?? Math.ceil(span / 5 / 86400) * 86400;
  const count = Math.floor(span / step);
  return Array.from({ length: count + 1 }, (_, at) => ({
    value: at * step,
    text: sinceText(at * step),
  }));
}

/** `0`, `30 s`, `5 m`, `1 h 30 m`, `2 d`. */
export function sinceText(seconds: number): string {
  const whole = Math.round(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "m"],
    [whole % 60, "s"],
  ];
  const said = parts
    .filter(([count]) => count > 0)
    .map(([count, u]) => `${count} ${u}`);
  return said.slice(0, 2).join(" ") || "0";
}

/** Points as a path; `close` makes an area of it down to the height. */
export function linePath(points: readonly [number, number][], close?: number): string {
  const [first] = points;
  const end = points.at(-1);
  if (!first || !end) return "";
  const line = points.map(([x, y], at) => `${at ? "L" : "M"}${r(x)} ${r(y)}`).join("");
  if (close === undefined) return line;
  return `${line}L${r(end[0])} ${r(close)}L${r(first[0])} ${r(close)}Z`;
}

function r(number: number): string {
  return String(Math.round(number * 10) / 10);
}

/** The sample whose time is nearest. */
export function nearest(times: readonly number[], wanted: number): number {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) <= wanted) low = middle;
    else high = middle;
  }
  const below = Math.abs((times[low] ?? 0) - wanted);
  return Math.abs((times[high] ?? 0) - wanted) < below ? high : low;
}
