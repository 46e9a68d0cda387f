// What may stand in a field besides its built-in control: a control that was registered
// for it, and what helps to fill a path.
import type { Argument } from "./spec";

/** A path's text field, for who wants to fill it. */
export interface PathField {
  /** The commands before it and its id, as in `ArgparseForm.errors`. */
  key: string;
  argument: Argument;
  /** What a person calls it. */
  name: string;
  value: () => string;
  /** Fill it as if it had been typed. */
  fill: (path: string) => void;
  /** Show a remark below the field, or none; a remark keeps nobody from running. */
  remark: (text: string) => void;
}

export interface Hooks {
  /** Put the widget of `hosted[key]` into the slot; false where there is none. */
  host?: (key: string, slot: HTMLElement) => boolean;
  /** Why the hosted control's value cannot be given; empty where it can. */
  errorOf?: (key: string) => string;
  /** Why a registered control is not shown; empty where it is. */
  noteOf?: (key: string) => string;
  /** The field was taken back to its default. */
  reset?: (key: string) => void;
  /** What stands at the end of a path's field, as a button that opens a chooser. */
  choosePath?: (field: PathField) => HTMLElement;
  /** A path's field was left, or its value came from elsewhere. */
  pathSettled?: (field: PathField) => void;
}
