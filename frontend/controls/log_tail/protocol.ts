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
}

export type EncodedLine = [number, string, Stream, number | null, 0 | 1, Style[]];

export function decoded(line: EncodedLine): Line {
  const [number, text, stream, time, cut, styles] = line;
  return { number, text, stream, time, cut: cut === 1, styles };
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
  size: number;
  behind: number;
  notice: string;
  start: number;
  lines: EncodedLine[];
}

export interface Page {
  epoch: number;
  generation: number;
  space: Space;
  start: number;
  lines: EncodedLine[];
}

export interface Found {
  epoch: number;
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
