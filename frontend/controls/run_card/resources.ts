// What a run uses of the machine: the data, and what is said of it in words.
import { duration } from "../shared/time";
import { bytes, percent, rate } from "../shared/units";

/** Samples in columns, in order; sizes in bytes, times in seconds since the epoch. */
export interface Resources {
  at: number[];
  cpu: number[];
  rss: number[];
  read: number[];
  write: number[];
  threads: number[];
  processes: number[];
  /** 1 where the whole tree was frozen. */
  paused: number[];
  totals: Totals;
}

export interface Totals {
  peak_rss: number;
  peak_threads: number;
  peak_processes: number;
  cpu_s: number;
  read_bytes: number;
  write_bytes: number;
}

/** Whether there is something to show of a run. */
export function isMeasured(found: Resources | object): found is Resources {
  const { at, totals } = found as Partial<Resources>;
  return (at?.length ?? 0) > 0 || (totals?.peak_rss ?? 0) > 0;
}

/** The last sample's value, or 0. */
export function last(values: readonly number[]): number {
  return values.at(-1) ?? 0;
}

/** One line of a chart. */
export interface Series {
  label: string;
  values: readonly number[];
}

/** One chart of the section "Resources". */
export interface Chart {
  title: string;
  unit: "percent" | "bytes" | "rate" | "count";
  series: Series[];
}

/** The charts, in order; those without anything to draw are left out. */
export function charts(found: Resources): Chart[] {
  const all: Chart[] = [
    {
      title: "CPU",
      unit: "percent",
      series: [{ label: "CPU, % of one core", values: found.cpu }],
    },
    {
      title: "Memory",
      unit: "bytes",
      series: [{ label: "memory", values: found.rss }],
    },
    {
      title: "Storage",
      unit: "rate",
      series: [
        { label: "read", values: found.read },
        { label: "written", values: found.write },
      ],
    },
    {
      title: "Threads and processes",
      unit: "count",
      series: [
        { label: "threads", values: found.threads },
        { label: "processes", values: found.processes },
      ],
    },
  ];
  return found.at.length > 1 ? all : [];
}

/** A value in a chart's unit. */
export function written(value: number, unit: Chart["unit"]): string {
  if (unit === "percent") return percent(value);
  if (unit === "bytes") return bytes(value);
  return unit === "rate" ? rate(value) : String(Math.round(value));
}

/** What a chart shows, for who cannot see it. */
export function described(chart: Chart, at: readonly number[]): string {
  const span = duration((at.at(-1) ?? 0) - (at[0] ?? 0));
  const said = chart.series.map(({ label, values }) => {
    const mean = values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
    const parts = [
      `last ${written(last(values), chart.unit)}`,
      `mean ${written(mean, chart.unit)}`,
      `greatest ${written(Math.max(0, ...values), chart.unit)}`,
    ];
    return `${label}: ${parts.join(", ")}`;
  });
  return `${chart.title} over ${span}. ${said.join("; ")}.`;
}

/** Stretches of samples that were taken while the run was frozen: first and last. */
export function pauses(paused: readonly number[]): [number, number][] {
  const found: [number, number][] = [];
  paused.forEach((one, at) => {
    if (!one) return;
    const open = found.at(-1);
    if (open && open[1] === at - 1) open[1] = at;
    else found.push([at, at]);
  });
  return found;
}
