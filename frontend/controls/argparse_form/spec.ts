// ModuleSpec and FormValues as they arrive: defaults are left out by the sender.

import type { FieldForm, ParserForm } from "./refined";

export interface Choice {
  value: string;
  label: string;
}

export interface Argument {
  id: string;
  dest: string;
  option_strings?: string[];
  action?: string;
  nargs?: number | string | null;
  const?: unknown;
  const_repr?: string;
  default?: unknown;
  default_repr?: string;
  type_name?: string;
  /** How a file type opens its path. */
  file_mode?: string;
  choices?: Choice[] | null;
  minimum?: number | null;
  maximum?: number | null;
  /** Which of the two is itself not allowed. */
  open_ends?: string[];
  /** Date formats as `strptime` writes them. */
  formats?: string[];
  /** `file`, `folder`, `any` of both; empty where it is no path. */
  path?: string;
  must_exist?: boolean;
  /** Environment variables that give its value where it is left out. */
  variables?: string[];
  /** A file of settings may give its value too. */
  elsewhere?: boolean;
  /** The Python type that its value becomes, where no converter's name tells. */
  annotation?: string;
  /** What its module asks at the terminal where it is left out. */
  prompt?: string;
  /** How the module wants it shown. */
  form?: FieldForm | null;
  /** Values to offer, among others that may be typed. */
  suggestions?: Choice[];
  off_strings?: string[];
  required?: boolean;
  help?: string | null;
  metavar?: string | string[] | null;
  deprecated?: boolean;
  hidden?: boolean;
  secret?: boolean;
}

export interface Group {
  title?: string | null;
  description?: string | null;
  arguments?: string[];
  folded?: boolean;
}

export interface ExclusiveGroup {
  arguments: string[];
  required?: boolean;
}

export interface Command {
  name: string;
  parser: Parser;
  aliases?: string[];
  help?: string | null;
}

export interface CommandSet {
  commands: Command[];
  title?: string | null;
  description?: string | null;
  help?: string | null;
  required?: boolean;
}

export interface Parser {
  description?: string | null;
  epilog?: string | null;
  prefix_chars?: string;
  arguments?: Argument[];
  groups?: Group[];
  exclusive_groups?: ExclusiveGroup[];
  commands?: CommandSet | null;
  /** How the module wants its fields arranged. */
  form?: ParserForm | null;
}

export interface ModuleSpec {
  module: string;
  kind: string;
  parser?: Parser;
  title?: string;
  warnings?: string[];
}

export interface Values {
  values?: Record<string, unknown>;
  command?: Values | null;
  name?: string;
}

/** The chosen subcommand's parser, if one is chosen. */
export function chosen(parser: Parser, values: Values): Command | undefined {
  const name = values.command?.name;
  return parser.commands?.commands.find((command) => command.name === name);
}

/** A field's key in the whole form: the commands before it, then its id. */
export function keyOf(path: readonly string[], id: string): string {
  return [...path, id].join(" ");
}

/** A value by its id; an id like `constructor` has none of its own. */
export function valueAt(values: Record<string, unknown>, id: string): unknown {
  return Object.hasOwn(values, id) ? values[id] : undefined;
}
