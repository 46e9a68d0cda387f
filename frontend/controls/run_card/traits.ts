// What the card gets from Python.

export interface RunRow {
  run_id: string;
  short: string;
  module: string;
  word: string;
  state: string;
  reason: string;
  why: string;
  created: number | null;
  started: number | null;
  ended: number | null;
  duration: number | null;
  requested_by: string;
  user: string;
  environment: string;
  host: string;
  argv: string;
  run_dir: string;
  exit_code: number | null;
  signal: number | null;
  rung: string;
  pid: number | null;
  active: boolean;
  cwd: string;
  interpreter: string;
}

export interface Rung {
  rung: string;
  at: number;
}

export interface Model {
  run: RunRow | Record<string, never>;
  rungs: Rung[];
  others: RunRow[];
  detail: boolean;
  closable: boolean;
  may_stop: boolean;
  empty: string;
  label: string;
}

export interface Actions {
  stop: () => void;
  confirm: () => void;
  cancel: () => void;
  kill: () => void;
  again: () => void;
  close: () => void;
}
