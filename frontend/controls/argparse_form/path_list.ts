// The list of a chooser: one row for each name, more as one gets to them.
import { h, icon } from "../shared/dom";
import { ago, exact } from "../shared/time";
import { type Entry, sizeText } from "./folders";

export interface PathListProps {
  id: string;
  /** Whether an entry can be what is wanted. */
  isWanted: (entry: Entry) => boolean;
  /** It was pressed twice, or Enter was pressed on it. */
  act: (entry: Entry) => void;
  /** Another one is the active one. */
  moved: (entry: Entry | undefined) => void;
  /** The end is near. */
  more: () => void;
}

const NEAR_PX = 200;
const STEP = 10;

export class PathList {
  readonly element: HTMLElement;
  private entries: Entry[] = [];
  private at = -1;

  constructor(private readonly props: PathListProps) {
    this.element = h("ul", {
      class: "ops-path-list",
      role: "listbox",
      id: props.id,
      "aria-label": "Files and folders",
      onscroll: () => {
        const { scrollTop, clientHeight, scrollHeight } = this.element;
        if (scrollTop + clientHeight > scrollHeight - NEAR_PX) props.more();
      },
    });
  }

  get count(): number {
    return this.entries.length;
  }

  get active(): Entry | undefined {
    return this.entries[this.at];
  }

  activeId(): string {
    return this.at < 0 ? "" : `${this.props.id}-${this.at}`;
  }

  show(entries: readonly Entry[], selected: string): void {
    this.entries = [];
    this.element.replaceChildren();
    this.element.scrollTop = 0;
    this.add(entries);
    this.go(entries.findIndex((entry) => entry.name === selected));
  }

  add(entries: readonly Entry[]): void {
    const from = this.entries.length;
    this.entries.push(...entries);
    this.element.append(...entries.map((entry, at) => this.row(entry, from + at)));
  }

  /** Move by the key that was pressed; false where it is none for a list. */
  pressed(key: string): boolean {
    const last = this.entries.length - 1;
    const to: Record<string, number> = {
      ArrowDown: this.at + 1,
      ArrowUp: this.at - 1,
      PageDown: this.at + STEP,
      PageUp: this.at - STEP,
    };
    const place = to[key];
    if (place === undefined) return false;
    this.go(Math.max(0, Math.min(place, last)));
    if (this.at >= last) this.props.more();
    return true;
  }

  private go(at: number): void {
    this.rowAt(this.at)?.setAttribute("aria-selected", "false");
    this.at = at < this.entries.length ? at : -1;
    const row = this.rowAt(this.at);
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    this.props.moved(this.active);
  }

  private rowAt(at: number): Element | undefined {
    return this.element.children[at];
  }

  private row(entry: Entry, at: number): HTMLElement {
    const { kind, why, modified } = entry;
    const row = h(
      "li",
      {
        class: "ops-path-row",
        role: "option",
        id: `${this.props.id}-${at}`,
        "aria-selected": "false",
        "data-kind": kind,
        title: why ? `${entry.name}: ${why}` : entry.name,
        onclick: () => this.go(at),
        ondblclick: () => this.props.act(entry),
      },
      icon(kind === "folder" ? "folder" : "file", 14),
      h("span", { class: "ops-path-name", dir: "ltr" }, entry.name),
      entry.link ? h("span", { class: "ops-tag" }, "link") : null,
      h(
        "span",
        { class: "ops-path-size" },
        why ?? (kind === "file" ? sizeText(entry.size ?? 0) : ""),
      ),
      h(
        "span",
        { class: "ops-path-time", title: exact(modified || null) },
        ago(modified || null),
      ),
    );
    const isOpen = kind === "folder" && !!entry.path;
    if (!isOpen && !this.props.isWanted(entry)) {
      row.setAttribute("aria-disabled", "true");
    }
    return row;
  }
}
