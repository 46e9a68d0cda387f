// What the dialogs get from Python.

export interface MineRow {
  run_id: string;
  short: string;
  module: string;
  word: string;
}

/** The active runs of who acts: how many, and the first of them. */
export interface Mine {
  count?: number;
  runs?: MineRow[];
}

/** A process as it is named before it is killed. */
export interface ProcessRow {
  pid?: number;
  command?: string;
  user?: string;
  started?: number | null;
  memory?: number | null;
  note?: string;
}

export interface Model {
  mine: Mine;
  process: ProcessRow;
  grace_s: number;
  problem: string;
  busy: string;
  label: string;
}

/** The inside of a dialog. */
export interface Form {
  title: string;
  element: HTMLElement;
  /** Start anew, when the dialog opens. */
  open: () => void;
  update: () => void;
  focus: () => void;
}
