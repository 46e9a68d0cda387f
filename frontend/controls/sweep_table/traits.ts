// What Python's SweepTable sends; every text is safe to show as text.
export interface GroupView {
  group_id: string;
  short: string;
  module: string;
  title: string;
  fields: string[];
  limit: number;
  environment: string;
  requested_by: string;
  created: number;
  state: "running" | "paused" | "stopping" | "finished";
  counts: Record<string, number>;
  total: number;
  done: number;
  queued: number;
  active: number;
  eta_s: number | null;
  ended: number | null;
  notice: string;
}

export interface Model {
  label: string;
  group: Partial<GroupView>;
  version: number;
  opened: string;
  may_stop: boolean;
  may_launch: boolean;
  closable: boolean;
  linked: boolean;
  busy: string;
  question: { text?: string; kind?: string; more?: Record<string, unknown> };
  problem: string;
  height: string;
  empty: string;
}

/** One combination: its last run, and the swept values. */
export interface Row {
  place: number;
  run_id: string;
  word: string;
  started: number | null;
  duration: number | null;
  why: string;
  tries: number;
  point: string[];
}

export type Sent = [
  place: number,
  run_id: string,
  word: string,
  started: number | null,
  duration: number | null,
  why: string,
  tries: number,
  point: string[],
];

export function rowOf(sent: Sent): Row {
  const [place, run_id, word, started, duration, why, tries, point] = sent;
  return { place, run_id, word, started, duration, why, tries, point };
}

/** Seconds that a run has taken, ticking while it goes on. */
export function took(row: Row, now = Date.now() / 1000): number | null {
  if (row.duration !== null || row.started === null) return row.duration;
  return Math.max(0, now - row.started);
}

/** Whether a run has ended, and not well. */
export function hasFailed(word: string): boolean {
  return FAILED.has(word);
}

const FAILED = new Set([
  "failed",
  "killed",
  "limit",
  "start_failed",
  "lost",
  "ended_unknown",
]);
