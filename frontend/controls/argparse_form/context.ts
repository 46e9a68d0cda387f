// What the parts of one form share.
import type { Hooks } from "./hooks";
import type { Argument } from "./spec";
import type { FormState } from "./state";

/** One field as the search, the errors and the others see it. */
export interface FieldView {
  /** The commands before it and its id. */
  key: string;
  /** The commands before it. */
  path: readonly string[];
  /** What a person calls it. */
  name: string;
  /** The argument; the choice of a command has none. */
  argument: Argument | undefined;
  element: HTMLElement;
  /** What the search looks through, in small letters. */
  text: () => string;
  isRequired: boolean;
  /** The exclusive group that it is in: of the required ones one is asked for. */
  group: string | undefined;
  isChanged: () => boolean;
  /** Put the controls into the row, where that has not been done. */
  draw: () => void;
  /** Show marks and messages anew. */
  refresh: () => void;
  /** Draw the control anew from the state. */
  rebuild: () => void;
  focus: () => void;
}

export interface FormContext {
  state: FormState;
  views: Map<string, FieldView>;
  /** A prefix for element ids, unique on the page. */
  prefix: string;
  /** What stands in place of, or beside, the built-in controls. */
  hooks: Hooks;
  /** Sentences from the server, by key. */
  errors: () => Record<string, string>;
  /** Values given lately, by key. */
  recent: () => Record<string, unknown[]>;
  /** The user wants several values of a field. */
  sweep: (key: string) => void;
  /** Draw a row soon, the first ones at once. */
  drawLater: (view: FieldView) => void;
  /** Say something to who cannot see it. */
  announce: (text: string) => void;
  /** Do what moves things, but not under a pointer that is down. */
  whenCalm: (act: () => void) => void;
  /** Views came or went. */
  rearranged: () => void;
}

/** The inside of a view's row that takes the focus. */
export const FOCUSABLE =
  "input:not([tabindex='-1']), textarea, select, [role='spinbutton'], button";
