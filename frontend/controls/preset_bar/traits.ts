// What the bar gets from Python.

export interface PresetRow {
  key: string;
  name: string;
  place: string;
  description?: string;
  requested_by?: string;
  modified?: number;
  problem?: string;
}

export interface Problem {
  message?: string;
  next_step?: string;
  details?: string;
}

export interface Drift {
  sentence?: string;
  went?: string[];
  came?: string[];
  changed?: Record<string, string>;
  lost?: string[];
  missing?: string[];
  secrets?: string[];
}

export interface Check {
  accepted?: boolean;
  message?: string;
  fields?: Record<string, string>;
}

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Model {
  module: string;
  environment: string;
  presets: PresetRow[];
  chosen: string;
  modified: boolean;
  can_edit: boolean;
  busy: string;
  status: { text?: string; undo?: boolean };
  drift: Drift;
  problem: Problem;
  document: { [key: string]: Json };
  check: Check;
  label: string;
}

export type Send = (kind: string, content?: Record<string, unknown>) => void;

/** The row of the preset in use. */
export function chosenRow(rows: PresetRow[], key: string): PresetRow | undefined {
  return rows.find((row) => row.key === key);
}
