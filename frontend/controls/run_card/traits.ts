// What the card gets from Python.
import type { Resources } from "./resources";

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
  /** Of an opened run only. */
  launched_by?: string;
  paused_s?: number;
  limits?: [label: string, text: string][];
  provenance?: Provenance;
}

/** Where the code of a run came from; what is not known is empty. */
export interface Provenance {
  commit?: string;
  branch?: string;
  dirty?: boolean | null;
  note?: string;
  python?: string;
  packages?: string;
  package_count?: number;
}

export interface Rung {
  rung: string;
  at: number;
}

export interface Model {
  run: RunRow | Record<string, never>;
  rungs: Rung[];
  resources: Resources | Record<string, never>;
  problem: string;
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
  pause: () => void;
  resume: () => void;
  again: () => void;
  close: () => void;
}

/** What was pressed and is not answered yet. */
export type Pending = "stop" | "pause" | "resume" | "";
