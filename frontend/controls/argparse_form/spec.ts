// ModuleSpec and FormValues as they arrive: defaults are left out by the sender.

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
  const_repr?: string;
  default?: unknown;
  default_repr?: string;
  type_name?: string;
  choices?: Choice[] | null;
  minimum?: number | null;
  maximum?: number | null;
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
  arguments?: Argument[];
  groups?: Group[];
  exclusive_groups?: ExclusiveGroup[];
  commands?: CommandSet | null;
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
