// What the bar gets from Python.
import type { EnvironmentRow } from "../shared/environment";

/** A field of the form: the commands before it and its id, and what it is called. */
export interface NamedField {
  field: string;
  name: string;
}

export interface Problem {
  message?: string;
  next_step?: string;
  details?: string;
  fields?: NamedField[];
}

export interface Preview {
  shell_line?: string;
  argv?: string[];
  interpreter?: string;
  cwd?: string;
  environment?: string;
  variables?: Record<string, string>;
  limits?: string[];
  verdict?: string;
  verdict_message?: string;
}

/** A row of the table of limits. */
export interface LimitField {
  name: string;
  label: string;
  help: string;
  example: string;
}

export interface Model {
  module: string;
  environment: string;
  environments: EnvironmentRow[];
  requested_by: string;
  shell_line: string;
  python_call: string;
  blocked: string;
  revealable: boolean;
  missing: NamedField[];
  unchecked: string;
  limit_fields: LimitField[];
  limits: Record<string, string>;
  limit_defaults: Record<string, string>;
  limit_errors: Record<string, string>;
  limit_summary: string;
  confirm: string;
  busy: string;
  problem: Problem;
  preview: Preview;
  label: string;
}
