// What the form gets from Python, and what it gives back.
import type { ModuleSpec, Values } from "./spec";

export interface Problem {
  module?: string;
  message: string;
  next_step?: string;
  details?: string;
}

export interface Model {
  spec: ModuleSpec | Record<string, never>;
  values: Values;
  tokens: Record<string, string>;
  variables: Record<string, string>;
  extra_args: string;
  requested_by: string;
  show_requested_by: boolean;
  errors: Record<string, string>;
  invalid: Record<string, string>;
  loading: boolean;
  problem: Problem | Record<string, never>;
  by_hand: boolean;
  empty: string;
  starters: { name: string; title: string; package: string }[];
  recent: Record<string, unknown[]>;
  hosted: Record<string, unknown>;
  hosted_errors: Record<string, string>;
  hosted_notes: Record<string, string>;
  browsable: boolean;
  changes: string;
  changes_level: "info" | "warn";
  label: string;
}
