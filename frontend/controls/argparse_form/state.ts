// The form's values while they are edited, and who hears of a change.
import {
  type Argument,
  type Parser,
  type Values,
  chosen,
  keyOf,
  valueAt,
} from "./spec";

export class FormState {
  root: Values = {};
  /** Fields that the user has left: only these complain about being empty. */
  readonly touched = new Set<string>();
  /** What was typed where a word became a date: `t-1` stays readable. By place. */
  readonly typed = new Map<string, string>();
  /** Why what stands in a field can be no value: an open quote. By key. */
  readonly refused = new Map<string, string>();
  /** Which member of an exclusive group is chosen while it has no value yet. */
  readonly picked = new Map<string, string>();
  /** After a try to launch, every empty required field says so. */
  showAll = false;
  /** Values of the subcommands that were left for another one. */
  private readonly kept = new Map<string, Values>();

  constructor(private readonly changed: () => void) {}

  /** What is wrong with the form changed, though its values did not. */
  said(): void {
    this.changed();
  }

  /** Begin anew with another module. */
  forget(): void {
    this.touched.clear();
    for (const each of [this.typed, this.refused, this.picked]) each.clear();
    this.kept.clear();
    this.showAll = false;
  }

  level(path: readonly string[]): Values {
    let values = this.root;
    for (const name of path) {
      if (values.command?.name !== name) return {};
      values = values.command;
    }
    return values;
  }

  get(path: readonly string[], id: string): unknown {
    return valueAt(this.level(path).values ?? {}, id);
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

  /** How many arguments have a value, at any depth. */
  count(): number {
    let found = 0;
    for (
      let level: Values | null | undefined = this.root;
      level;
      level = level.command
    ) {
      found += Object.keys(level.values ?? {}).length;
    }
    return found;
  }

  typedAt(key: string, at: number): string | undefined {
    return this.typed.get(`${key}\n${at}`);
  }

  setTyped(key: string, at: number, text: string | undefined): void {
    if (text === undefined) this.typed.delete(`${key}\n${at}`);
    else this.typed.set(`${key}\n${at}`, text);
  }

  forgetTyped(key: string): void {
    for (const place of this.typed.keys()) {
      if (place.startsWith(`${key}\n`)) this.typed.delete(place);
    }
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

/** The values of the arguments and commands that a changed parser still has. */
export function pruned(parser: Parser, values: Values): Values {
  const known = byId(parser);
  const kept = Object.entries(values.values ?? {}).filter(([id]) => known.has(id));
  const command = chosen(parser, values);
  return {
    ...values,
    values: Object.fromEntries(kept),
    command: command && values.command ? pruned(command.parser, values.command) : null,
  };
}
