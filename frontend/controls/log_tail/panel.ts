// The log: the window on the file, the bar above it, the state below it.
import type { AnyModel } from "@anywidget/types";
import { copyText } from "../shared/clipboard.ts";
import { h, icon } from "../shared/dom.ts";
import { isShortcut } from "../shared/keys.ts";
import { save, watch } from "../shared/watch.ts";
import { bytes, counted } from "./amounts.ts";
import { Shortened } from "./gap.ts";
import type { Renumbering } from "./gap.ts";
import { Lines } from "./lines.ts";
import { Channel, decoded } from "./protocol.ts";
import type { Space, Tail } from "./protocol.ts";
import { drawLine, drawWaiting } from "./row.ts";
import { Search } from "./search.ts";
import { Selection } from "./selection.ts";
import { Toolbar } from "./toolbar.ts";
import { Transfer } from "./transfer.ts";
import { Viewport } from "./viewport.ts";
import { WholeLine } from "./whole.ts";

const PING_MS = 10_000; // a view that is silent for 30 s gets nothing any more
const SAID_MS = 6000; // how long a sentence about what was done stays

export class Panel {
  private readonly channel: Channel;
  private readonly lines: Lines;
  private readonly viewport: Viewport;
  private readonly toolbar: Toolbar;
  private readonly search: Search;
  private readonly selection: Selection;
  private readonly transfer: Transfer;
  private readonly whole: WholeLine;
  private readonly shortened = new Shortened(() =>
    this.viewport.show(this.tail?.gap ?? 0),
  );
  private readonly empty = h("div", { class: "ops-log-empty", role: "status" });
  private readonly state = h("span", { class: "ops-log-state" });
  private readonly notice = h("span", { class: "ops-log-notice", role: "status" });
  private readonly jumpEnd: HTMLButtonElement;
  private readonly newLines = h("span");
  private tail: Tail | null = null;
  private pausedAt = 0;
  private inSight = true;
  private saying: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly model: AnyModel,
    root: HTMLElement,
    signal: AbortSignal,
  ) {
    this.channel = new Channel(model, signal);
    this.lines = new Lines(this.channel, () => this.viewport.invalidate());
    this.viewport = new Viewport(this.rows(), String(model.get("label")), signal);
    this.search = new Search(this.channel, {
      show: (row) => this.viewport.show(row),
      redraw: () => this.viewport.redraw(),
      first: () => (this.viewport.following ? 0 : this.viewport.first),
      leave: () => this.viewport.scroller.focus(),
      cuts: () => this.lines.cuts,
    });
    this.toolbar = new Toolbar(this.search.element, this.shortened.element, {
      options: () => this.useOptions(),
      space: (space) => this.useSpace(space),
      jump: (line) => this.ifAny(() => this.jump(line)),
      copy: () => this.ifAny(() => this.copy()),
      download: () => this.ifAny(() => this.transfer.download(this.lines.space)),
    });
    this.selection = new Selection(this.viewport.scroller, () => this.selected());
    this.whole = new WholeLine(() => this.viewport.scroller.focus());
    this.transfer = new Transfer(
      this.channel,
      (text) => this.say(text),
      (line) => this.whole.show(decoded(line)),
    );
    this.jumpEnd = this.jumpButton();
    this.build(root);
    this.listen(root, signal);
    this.useOptions();
    this.ping(false);
  }

  private build(root: HTMLElement): void {
    this.viewport.element.append(this.empty, this.jumpEnd, this.whole.element);
    root.append(
      this.toolbar.element,
      this.viewport.element,
      h("div", { class: "ops-log-foot" }, this.state, this.notice),
    );
    this.drawHeight();
    this.drawState();
  }

  private jumpButton(): HTMLButtonElement {
    return h(
      "button",
      {
        class: "ops-button ops-log-end",
        type: "button",
        hidden: true,
        title: "Follow the end again (G)",
        onclick: () => this.toEnd(),
      },
      this.newLines,
      icon("down"),
      h("span", {}, "jump to end"),
    );
  }

  private listen(root: HTMLElement, signal: AbortSignal): void {
    this.channel.on<Tail>("tail", (tail) => this.take(tail));
    this.channel.on<{ row: number }>("row", ({ row }) => this.arrive(row));
    watch(this.model, ["height"], signal, () => this.drawHeight());
    watch(this.model, ["ended"], signal, () => this.drawState());
    watch(this.model, ["following"], signal, () =>
      this.viewport.follow(Boolean(this.model.get("following"))),
    );
    root.addEventListener("keydown", (event) => this.press(event));
    this.viewport.scroller.addEventListener("click", (event) => this.click(event));
    document.addEventListener("visibilitychange", () => this.ping(false), { signal });
    document.addEventListener("selectionchange", () => this.selecting(), { signal });
    const sight = new IntersectionObserver(([entry]) => {
      this.inSight = entry?.isIntersecting ?? true;
      this.ping(false);
    });
    sight.observe(root);
    const pings = setInterval(() => this.ping(false), PING_MS);
    signal.addEventListener("abort", () => {
      sight.disconnect();
      clearInterval(pings);
      clearTimeout(this.saying);
    });
  }

  /** Tell the kernel that and how this view is watched. */
  private ping(again: boolean): void {
    this.channel.send("watch", {
      space: this.lines.space,
      following: this.viewport.following,
      visible: this.inSight && !document.hidden,
      again,
    });
  }

  private rows(): ConstructorParameters<typeof Viewport>[0] {
    const lines = (): Lines => this.lines;
    const drawnFrom = new WeakMap<HTMLElement, unknown>();
    return {
      get count() {
        return lines().count;
      },
      draw: (row, drawn) => {
        const line = this.lines.at(row);
        if (drawn && drawnFrom.get(drawn) === (line ?? row)) return null;
        const element = this.draw(row);
        drawnFrom.set(element, line ?? row);
        return element;
      },
      want: (first, last) => this.lines.want(first, last),
      moved: (following) => this.moved(following),
    };
  }

  private draw(row: number): HTMLElement {
    const line = this.lines.at(row);
    const digits = Math.max(3, String(this.lines.printed).length);
    const look = { ...this.toolbar.options, digits, search: this.search.pattern };
    if (line === undefined) {
      const isLine = this.lines.space === "all" && row < this.gapFrom();
      return drawWaiting(isLine ? row : null, look);
    }
    const current = row === this.search.current;
    return drawLine(line, look, { current, selected: this.selection.has(row) });
  }

  private take(tail: Tail): void {
    this.channel.send("ack", { seq: tail.seq });
    if (tail.source && tail.space !== this.lines.space) return;
    const digits = String(this.lines.printed).length;
    const { other, moved } = this.lines.takeTail(tail);
    this.tail = tail;
    if (moved) this.renumber(moved, tail.gap);
    if (other) {
      this.selection.clear();
      this.pausedAt = tail.count;
      this.search.again();
      if (!this.viewport.following) this.viewport.follow(true);
    }
    if (other || String(this.lines.printed).length !== digits) this.viewport.redraw();
    this.viewport.invalidate();
    this.drawState();
  }

  /** Something was cut out: what one looks at stays where it is. */
  private renumber(moved: Renumbering, gap: number): void {
    this.viewport.renumber(moved, gap);
    this.selection.renumber(moved, gap);
    this.search.renumber(moved);
    const paused = moved(this.pausedAt);
    this.pausedAt = paused < 0 ? gap + 1 : paused;
  }

  /** The row from which on a line's number is not its row's. */
  private gapFrom(): number {
    const gap = this.tail?.gap ?? -1;
    return gap < 0 ? Infinity : gap;
  }

  private moved(following: boolean): void {
    this.pausedAt = this.lines.count;
    save(this.model, { following });
    this.ping(false);
    this.drawState();
  }

  private toEnd(): void {
    this.selection.clear();
    getSelection()?.removeAllRanges();
    this.viewport.follow(true);
    this.viewport.scroller.focus();
  }

  private useOptions(): void {
    this.viewport.wrap = this.toolbar.options.wrap;
    this.viewport.redraw();
  }

  private useSpace(space: Space): void {
    this.lines.useSpace(space);
    this.selection.clear();
    this.viewport.follow(true);
    this.viewport.redraw();
    this.ping(true);
    this.search.again();
  }

  /** A click is answered, also where there is nothing to do. */
  private ifAny(act: () => void): void {
    if (this.lines.count > 0) act();
    else this.say(`${emptyText(this.tail)}.`);
  }

  /** Ask for the row of a line: of one stream, or behind a gap, it is another one. */
  private jump(line: number): void {
    const number = Math.max(0, line - 1);
    if (this.lines.space === "all" && number < this.gapFrom()) this.arrive(number);
    else this.channel.send("row", { space: this.lines.space, number });
  }

  private arrive(row: number): void {
    if (this.lines.count === 0) return;
    const reached = Math.min(row, this.lines.count - 1);
    this.viewport.show(reached);
    if (reached === this.tail?.gap) this.say("That line was cut out by the log limit.");
    else this.selection.set(reached, false);
  }

  private click(event: MouseEvent): void {
    if (!(event.target instanceof HTMLElement)) return;
    const row = this.viewport.rowOf(event.target);
    const line = row === null ? undefined : this.lines.at(row);
    if (row === null || line === undefined || line.gap) return;
    if (event.target.classList.contains("ops-log-whole")) {
      this.transfer.whole(line.number + line.lost);
    } else if (event.target.classList.contains("ops-log-number")) {
      this.selection.set(row, event.shiftKey);
    }
  }

  /** Rows were selected: they must not scroll away under the pointer. */
  private selected(): void {
    if (this.selection.count > 0) this.viewport.follow(false);
    this.viewport.redraw();
  }

  /** Text is being selected: it must not scroll away either. */
  private selecting(): void {
    if (this.viewport.following && this.selection.text()) this.viewport.follow(false);
  }

  private copy(): void {
    const text = this.selection.text();
    if (this.selection.count > 0) {
      this.transfer.copy(this.lines, this.selection.first, this.selection.count);
    } else if (text) {
      void copyText(text).then((done) =>
        this.say(
          done ? "Copied the selection." : "The browser did not allow the copy.",
        ),
      );
    } else {
      const count = Math.min(this.viewport.page, this.lines.count);
      this.transfer.copy(this.lines, this.viewport.first, count);
    }
  }

  private press(event: KeyboardEvent): void {
    const inLog = event.target === this.viewport.scroller;
    const command = event.ctrlKey || event.metaKey;
    if (inLog && command && event.key === "a") {
      event.preventDefault();
      this.selection.setAll(this.lines.count);
    } else if (inLog && command && event.key === "c" && this.selection.count > 0) {
      event.preventDefault();
      this.copy();
    } else if (isShortcut(event)) {
      const act = this.keys()[event.key];
      if (act === undefined || (!inLog && event.key !== "/")) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    }
  }

  private keys(): Record<string, () => void> {
    const { viewport } = this;
    const page = viewport.page - 1;
    return {
      "/": () => this.search.focus(),
      n: () => this.search.next(1),
      N: () => this.search.next(-1),
      g: () => viewport.moveTo(0),
      G: () => this.toEnd(),
      Home: () => viewport.moveTo(0),
      End: () => this.toEnd(),
      j: () => viewport.moveRows(1),
      k: () => viewport.moveRows(-1),
      ArrowDown: () => viewport.moveRows(1),
      ArrowUp: () => viewport.moveRows(-1),
      PageDown: () => viewport.moveRows(page),
      PageUp: () => viewport.moveRows(-page),
      " ": () => viewport.moveRows(page),
      w: () => this.toolbar.toggle("wrap"),
      t: () => this.toolbar.toggle("times"),
      Escape: () => this.selection.clear(),
    };
  }

  private say(text: string): void {
    clearTimeout(this.saying);
    this.notice.textContent = text;
    this.saying = setTimeout(() => {
      this.notice.textContent = this.tail?.notice ?? "";
    }, SAID_MS);
  }

  private drawHeight(): void {
    this.viewport.element.style.height = String(this.model.get("height"));
  }

  private drawState(): void {
    const { tail } = this;
    const count = this.lines.count;
    // Before the kernel has answered there is nothing to say: it takes milliseconds.
    this.empty.textContent = tail === null ? "" : emptyText(tail);
    this.empty.hidden = tail !== null && tail.source && count > 0;
    const follows = this.viewport.following ? "following" : "not following";
    const place = this.model.get("ended") ? "" : follows;
    this.shortened.draw(tail);
    this.state.replaceChildren(...stateText(tail, count, place));
    if (tail?.notice) this.notice.textContent = tail.notice;
    const added = Math.max(0, count - this.pausedAt);
    this.newLines.textContent =
      added > 0 ? `${counted(added).replace(" ", " new ")}` : "";
    this.jumpEnd.hidden = this.viewport.following || this.viewport.fits;
  }
}

function emptyText(tail: Tail | null): string {
  if (tail === null) return "Waiting for the kernel";
  if (!tail.source) return "No run selected";
  if (tail.behind > 0) return "Reading the log …";
  return tail.space === "all"
    ? "Nothing printed yet"
    : `Nothing on std${tail.space} yet`;
}

function stateText(tail: Tail | null, count: number, place: string): Node[] {
  if (tail === null || !tail.source || (count === 0 && tail.behind === 0)) return [];
  const share = Math.round((100 * tail.size) / (tail.size + tail.behind));
  const reading = tail.behind > 0 ? `reading ${share} %` : "";
  const lines = count - (tail.gap < 0 ? 0 : 1);
  const of = tail.printed !== lines ? ` of ${tail.printed.toLocaleString()}` : "";
  const texts = [counted(lines) + of, bytes(tail.size), reading, place];
  return texts.filter(Boolean).map((text) => h("span", {}, text));
}
