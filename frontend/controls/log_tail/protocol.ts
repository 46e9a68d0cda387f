// What the kernel and a view of the log say to each other (see log_session.py).
import type { AnyModel } from "@anywidget/types";

/** What rows are counted in: all lines, or those of one stream. */
export type Space = "all" | "out" | "err";

/** 0: not known or both, 1: stdout, 2: stderr. */
export type Stream = 0 | 1 | 2;

export type Style = [start: number, end: number, names: string];

export interface Line {
  number: number;
  text: string;
  stream: Stream;
  time: number | null;
  cut: boolean;
  styles: Style[];
  /** What to add to the number for the line's number in all that was printed. */
  lost: number;
  /** Whether it is none of the run's, but says that lines were cut out here. */
  gap: boolean;
}

/** Bytes and lines that are gone. */
export type Gone = [size: number, lines: number];

export type EncodedLine = [
  ...line: [number, string, Stream, number | null, 0 | 1, Style[]],
  lost?: number,
  gap?: Gone,
];

export function decoded(line: EncodedLine): Line {
  const [number, text, stream, time, cut, styles, lost = 0, gap] = line;
  const is = { cut: cut === 1, gap: gap !== undefined };
  return { number, text, stream, time, styles, lost, ...is };
}

/** The end of the log, and how much there is of it. */
export interface Tail {
  epoch: number;
  seq: number;
  source: boolean;
  generation: number;
  space: Space;
  count: number;
  total: number;
  /** Lines that were printed, those that are gone too. */
  printed: number;
  size: number;
  behind: number;
  notice: string;
  start: number;
  lines: EncodedLine[];
  /** Another number whenever rows are counted anew: something was cut out. */
  cuts: number;
  /** By how much less rows and lines behind the gap are numbered since. */
  moved: [rows: number, lines: number];
  gone: Gone | null;
  /** The row that stands for what is gone, or -1. */
  gap: number;
}

export interface Page {
  epoch: number;
  generation: number;
  space: Space;
  start: number;
  lines: EncodedLine[];
  cuts: number;
}

export interface Found {
  epoch: number;
  cuts: number;
  request: number;
  rows: number[];
  first: number;
  more: boolean;
  error: string;
}

type Message = Record<string, unknown>;
type Listener = (message: Message, buffers: readonly DataView[]) => void;

/** One view's line to the kernel: messages carry its name, answers their request. */
export class Channel {
  readonly view = crypto.getRandomValues(new Uint32Array(2)).join("-");
  private last = 0;
  private readonly listeners = new Map<string, Listener>();

  constructor(
    private readonly model: AnyModel,
    signal: AbortSignal,
  ) {
    const listen = (message: Message, buffers: readonly DataView[]): void => {
      if (message["view"] !== this.view) return;
      this.listeners.get(String(message["kind"]))?.(message, buffers);
    };
    model.on("msg:custom", listen);
    signal.addEventListener("abort", () => {
      this.send("leave");
      model.off("msg:custom", listen);
    });
  }

  on<T>(kind: string, act: (message: T, buffers: readonly DataView[]) => void): void {
    this.listeners.set(kind, act as unknown as Listener);
  }

  /** Ask for something; the answer carries the number that is returned. */
  send(kind: string, content: Message = {}): number {
    this.last += 1;
    this.model.send({ kind, view: this.view, request: this.last, ...content });
    return this.last;
  }
}
