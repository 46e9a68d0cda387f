// What the path fields ask of Python: a page of a folder, a remark on a path.
import type { AnyModel } from "@anywidget/types";
import { hear } from "../shared/watch";

export interface Entry {
  name: string;
  kind: "folder" | "file" | "other";
  path?: string;
  value?: string;
  why?: string;
  size?: number;
  modified?: number;
  hidden?: boolean;
  link?: boolean;
}

export interface Page {
  path: string;
  value: string;
  parent: string;
  root: string;
  roots: { name: string; path: string }[];
  entries: Entry[];
  offset: number;
  total: number;
  unseen: number;
  selected: string;
  notice: string;
}

export interface Answer {
  page?: Page;
  problem?: string;
  text?: string;
}

/** How long Python may take for an answer; a folder on a slow disk takes its time. */
const PATIENCE_MS = 30_000;

export class Folders {
  private asked = 0;
  private readonly waiting = new Map<number, (answer: Answer) => void>();

  constructor(
    private readonly model: AnyModel,
    signal: AbortSignal | undefined,
  ) {
    hear(model, "browsed", signal, (message) => {
      this.settle(Number(message["ask"]), message as Answer);
    });
  }

  list(question: Record<string, unknown>): Promise<Answer> {
    return this.ask("list_folder", question);
  }

  check(question: Record<string, unknown>): Promise<Answer> {
    return this.ask("check_path", question);
  }

  private ask(kind: string, question: Record<string, unknown>): Promise<Answer> {
    const ask = ++this.asked;
    this.model.send({ kind, ask, ...question });
    return new Promise((resolve) => {
      this.waiting.set(ask, resolve);
      const problem = "There is no answer. Close this and try again.";
      setTimeout(() => this.settle(ask, { problem }), PATIENCE_MS);
    });
  }

  private settle(ask: number, answer: Answer): void {
    this.waiting.get(ask)?.(answer);
    this.waiting.delete(ask);
  }
}

/** A name in a folder as a field's value; the folder's own value is `.` or a path. */
export function joined(folder: string, name: string): string {
  if (folder !== ".") return `${folder.replace(/\/$/, "")}/${name}`;
  return /^[-~]/.test(name) ? `./${name}` : name;
}

/** The names between a root and a folder below it, each with its path. */
export function crumbs(root: string, path: string): { name: string; path: string }[] {
  const base = root.replace(/\/$/, "");
  if (path !== root && !path.startsWith(`${base}/`)) return [{ name: path, path }];
  const names = path.slice(base.length).split("/").filter(Boolean);
  return names.map((name, at) => ({
    name,
    path: `${base}/${names.slice(0, at + 1).join("/")}`,
  }));
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** `4 B`, `12 kB`, `3.4 MB`. */
export function sizeText(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit++;
  }
  const digits = unit > 0 && size < 10 ? 1 : 0;
  return `${size.toFixed(digits)} ${UNITS[unit]}`;
}
