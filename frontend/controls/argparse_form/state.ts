// The form's values while they are edited, and who hears of a change.
import { type Argument, type Parser, type Values } from "./spec";
import { keyOf } from "./check";

export class FormState {
  root: Values = {};
  /** Fields that the user has left: only these complain about being empty. */
  readonly touched = new Set<string>();
  /** What was typed where a word became a date: `t-1` stays readable. */
  readonly typed = new Map<string, string>();
  /** After a try to launch, every empty required field says so. */
  showAll = false;
  /** Values of the subcommands that were left for another one. */
  private readonly kept = new Map<string, Values>();

  constructor(private readonly changed: () => void) {}

  level(path: readonly string[]): Values {
    let values = this.root;
    for (const name of path) {
      if (values.command?.name !== name) return {};
      values = values.command;
    }
    return values;
  }

  get(path: readonly string[], id: string): unknown {
    return this.level(path).values?.[id];
  }

  /** Set a value; `undefined` leaves it to the default. Clears its rivals. */
  set(path: readonly string[], id: string, value: unknown, parser?: Parser): void {
    const level = this.level(path);
    const gone = new Set(value === undefined ? [id] : rivals(parser, id));
    const kept = Object.entries(level.values ?? {}).filter(([key]) => !gone.has(key));
    const values = Object.fromEntries(kept);
    if (value !== undefined) values[id] = value;
    level.values = values;
    this.changed();
  }

  choose(path: readonly string[], name: string): void {
    const level = this.level(path);
    if (level.command?.name) {
      this.kept.set(keyOf(path, level.command.name), level.command);
    }
    if (name) level.command = this.kept.get(keyOf(path, name)) ?? { name, values: {} };
    else level.command = null;
    this.changed();
  }
}

/** The other members of the exclusive groups that an argument is in. */
export function rivals(parser: Parser | undefined, id: string): string[] {
  return (parser?.exclusive_groups ?? [])
    .filter((group) => group.arguments.includes(id))
    .flatMap((group) => group.arguments.filter((other) => other !== id));
}

/** The members of a parser by id. */
export function byId(parser: Parser): Map<string, Argument> {
  return new Map((parser.arguments ?? []).map((argument) => [argument.id, argument]));
}
