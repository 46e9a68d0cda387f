// One run as Python's run_row gives it; every text is safe to show as text.
export interface RunRow {
  run_id: string;
  short: string;
  module: string;
  word: string;
  why: string;
  created: number;
  started: number | null;
  ended: number | null;
  duration: number | null;
  user: string;
  requested_by: string;
  environment: string;
  host: string;
  argv: string;
  exit_code: number | null;
  signal: number | null;
  active: boolean;
}

/** Seconds that a run has taken, ticking while it is active. */
export function took(row: RunRow, now = Date.now() / 1000): number | null {
  if (!row.active || row.word === "queued") return row.duration;
  return row.started === null ? row.duration : Math.max(0, now - row.started);
}
