// The window on the file: the rows near what is on screen, the rest stays in the kernel.
import { renumbering } from "./gap.ts";
import type { Renumbering } from "./gap.ts";
import { decoded } from "./protocol.ts";
import type { Channel, EncodedLine, Line, Page, Space, Tail } from "./protocol.ts";

const KEPT = 4000; // rows that are held before far ones are let go
const NEAR = 1500; // rows around the screen that are never let go
const PAGE = 200; // rows that are asked for beside what is missing
const LATE_MS = 4000; // after which a page is asked for again

export class Lines {
  count = 0;
  printed = 0;
  cuts = 0;
  space: Space = "all";
  private epoch = -1;
  private generation = -1;
  private readonly rows = new Map<number, Line>();
  private asked: { first: number; last: number; at: number } | null = null;
  private wanted: [number, number] | null = null;

  constructor(
    private readonly channel: Channel,
    private readonly changed: () => void,
  ) {
    channel.on<Page>("page", (page) => this.takePage(page));
  }

  at(row: number): Line | undefined {
    return this.rows.get(row);
  }

  /**
   * Take the end of the log: whether it is another log, or the same from anew, or else
   * how its rows are renumbered.
   */
  takeTail(tail: Tail): { other: boolean; moved: Renumbering | null } {
    const other = tail.epoch !== this.epoch || tail.generation !== this.generation;
    if (tail.source && tail.space !== this.space) return { other: false, moved: null };
    const cut = !other && tail.source && tail.cuts !== this.cuts;
    if (other) this.clear();
    this.epoch = tail.epoch;
    this.generation = tail.generation;
    // A last line without its newline may have grown.
    this.rows.delete(this.count - 1);
    if (cut) this.renumber(tail);
    this.cuts = tail.cuts;
    this.count = tail.count;
    this.printed = tail.printed;
    this.put(tail.start, tail.lines);
    return { other, moved: cut ? renumbering(tail) : null };
  }

  /** What is held moves along, so that nothing on screen has to come again. */
  private renumber(tail: Tail): void {
    const moved = renumbering(tail);
    const [, lines] = tail.moved;
    const held = [...this.rows];
    this.rows.clear();
    this.wanted = null;
    for (const [row, line] of held) {
      const now = moved(row);
      if (now < 0 || Math.abs(now - tail.gap) <= 1) continue; // the gap, torn lines
      const { number, lost } = line;
      const behind = { ...line, number: number - lines, lost: lost + lines };
      this.rows.set(now, now > tail.gap ? behind : line);
    }
  }

  useSpace(space: Space): void {
    this.space = space;
    this.count = 0;
    this.clear();
  }

  clear(): void {
    this.rows.clear();
    this.asked = null;
    this.wanted = null;
  }

  /** See to it that some rows come; one page is under way at a time, the latest wins. */
  want(first: number, last: number): void {
    const from = this.firstMissing(first, last);
    if (from < 0) return;
    this.wanted = [Math.max(0, from - 20), Math.min(this.count, last + PAGE)];
    this.ask();
    this.letGo(first, last);
  }

  private firstMissing(first: number, last: number): number {
    for (let row = first; row < Math.min(last, this.count); row += 1) {
      if (!this.rows.has(row)) return row;
    }
    return -1;
  }

  private ask(): void {
    const late = this.asked !== null && Date.now() - this.asked.at > LATE_MS;
    if (this.wanted === null || (this.asked !== null && !late)) return;
    const [first, last] = this.wanted;
    this.wanted = null;
    this.asked = { first, last, at: Date.now() };
    this.channel.send("page", {
      space: this.space,
      start: first,
      count: last - first,
    });
  }

  private takePage(page: Page): void {
    if (page.epoch !== this.epoch || page.space !== this.space) return;
    this.asked = null;
    const right = page.generation === this.generation && page.cuts === this.cuts;
    if (right) this.put(page.start, page.lines);
    this.ask();
    if (page.lines.length > 0) this.changed();
  }

  private put(start: number, lines: EncodedLine[]): void {
    lines.forEach((line, at) => this.rows.set(start + at, decoded(line)));
  }

  private letGo(first: number, last: number): void {
    if (this.rows.size <= KEPT) return;
    for (const row of this.rows.keys()) {
      if (row < first - NEAR || row > last + NEAR) this.rows.delete(row);
    }
  }
}
