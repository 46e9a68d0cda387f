// What Python sends and what the editor's parts ask of it.
import type { AnyModel } from "@anywidget/types";

export interface EntryView {
  key: string;
  value: string;
  secret: boolean;
  comment: string;
  problem: string;
}

export interface SectionView {
  name: string;
  comment: string;
  production: boolean;
  entries: EntryView[];
}

export interface Notice {
  text: string;
  tone: string;
  undo: boolean;
}

export interface View {
  path: string;
  exists: boolean;
  sections: SectionView[];
  text: string;
  error: { line: number; message: string } | null;
  notice: Notice | null;
  conflict: boolean;
  can_undo: boolean;
  can_save: boolean;
  /** The number of the last message that Python has taken in. */
  seen: number;
}

export interface Traits {
  view: View;
  selected: string;
  mode: "form" | "text";
  readonly: boolean;
  dirty: boolean;
  label: string;
}

export type Model = AnyModel<Traits>;

/**
 * Send one edit; `field` names the input that a refusal is shown at.
 * Returns the message's number: a view that has not seen it is older than the input.
 */
export type Send = (kind: string, content?: Record<string, unknown>) => number;

/** An input's edits in flight: typed here, not yet come back from Python. */
export const TYPING_PAUSE_MS = 250;
