// Virtual scrolling. The place is a row (with a fraction), not a pixel: a browser caps
// an element's height, so the scroll bar stands for rows at a scale beyond that.
import { h } from "../shared/dom.ts";

const ROW = 18; // px, as in log_tail.css
const TALLEST = 6_000_000; // px; browsers cap an element at 15 to 33 million
const OVERSCAN = 12; // rows drawn above and below
const AT_END = 0.6; // rows from the end that still count as the end

export interface Rows {
  readonly count: number;
  /** A fresh element for a row, or null where the drawn one is still right. */
  draw(row: number, drawn: HTMLElement | undefined): HTMLElement | null;
  /** Called with the rows on screen (and near it), before they are drawn. */
  want(first: number, last: number): void;
  moved(following: boolean): void;
}

export class Viewport {
  readonly element: HTMLElement;
  readonly scroller: HTMLElement;
  following = true;
  wrap = false;
  private readonly spacer = h("div", { class: "ops-log-spacer" });
  private readonly window = h("div", { class: "ops-log-window" });
  private readonly drawn = new Map<number, HTMLElement>();
  private top = 0;
  private expected = -1;
  private frame = 0;
  private widest = 0;
  private fitting = 0;
  private touchAt = 0;

  constructor(
    private readonly rows: Rows,
    label: string,
    signal: AbortSignal,
  ) {
    this.scroller = h(
      "div",
      {
        class: "ops-log-scroller ops-code",
        tabindex: 0,
        role: "log",
        "aria-live": "off",
        "aria-label": label,
      },
      this.spacer,
      this.window,
    );
    this.element = h("div", { class: "ops-log-viewport" }, this.scroller);
    this.scroller.addEventListener("scroll", () => this.scrolled(), { passive: true });
    this.scroller.addEventListener("wheel", (event) => this.wheel(event));
    this.scroller.addEventListener("touchstart", (event) => this.touch(event, false));
    this.scroller.addEventListener("touchmove", (event) => this.touch(event, true));
    const sizes = new ResizeObserver(() => this.invalidate());
    sizes.observe(this.scroller);
    signal.addEventListener("abort", () => {
      sizes.disconnect();
      cancelAnimationFrame(this.frame);
    });
  }

  /** The first row on screen. */
  get first(): number {
    return Math.floor(this.top);
  }

  /** Whether every row is in sight. */
  get fits(): boolean {
    return this.lastTop === 0;
  }

  /** How many rows fit on the screen. */
  get page(): number {
    return Math.max(1, Math.floor(this.scroller.clientHeight / ROW));
  }

  /** The row that an element on screen belongs to. */
  rowOf(inside: Element): number | null {
    const element = inside.closest(".ops-log-row");
    for (const [row, drawn] of this.drawn) if (drawn === element) return row;
    return null;
  }

  /** Draw again at the next frame. */
  invalidate(): void {
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.render();
      });
    }
  }

  /** Draw every row anew. */
  redraw(): void {
    for (const element of this.drawn.values()) element.remove();
    this.drawn.clear();
    this.widest = 0;
    this.window.style.minWidth = "";
    this.invalidate();
  }

  follow(following: boolean): void {
    if (this.following === following) return;
    this.following = following;
    this.rows.moved(following);
    this.invalidate();
  }

  /** Bring a row into sight, near the upper edge; leaves following. */
  show(row: number): void {
    this.follow(false);
    // How high wrapped lines are is known only once they are drawn.
    const above = this.wrap ? 1 : this.page / 3;
    if (!this.isInSight(row)) this.top = Math.max(0, row - above);
    this.invalidate();
  }

  private isInSight(row: number): boolean {
    if (!this.wrap) return row >= this.top + 1 && row < this.top + this.page - 2;
    const screen = this.scroller.getBoundingClientRect();
    const own = this.drawn.get(row)?.getBoundingClientRect();
    return own !== undefined && own.top > screen.top && own.bottom < screen.bottom;
  }

  /** Rows are counted anew: what is on screen stays there, as far as it is left. */
  renumber(moved: (row: number) => number, gap: number): void {
    const now = moved(this.first);
    this.top = now < 0 ? Math.max(0, gap) : now + (this.top - this.first);
  }

  /** Move by rows; reaching the end follows again, leaving it stops. */
  moveRows(rows: number): void {
    this.moveTo(this.top + rows);
  }

  moveTo(top: number): void {
    this.top = Math.min(Math.max(0, top), this.lastTop);
    this.settle();
  }

  private get lastTop(): number {
    const fitting = this.wrap ? this.fitting : this.scroller.clientHeight / ROW;
    return Math.max(0, this.rows.count - (fitting || this.page));
  }

  private get scaled(): boolean {
    return this.rows.count * ROW > TALLEST;
  }

  private get track(): number {
    const height = Math.min(this.rows.count * ROW, TALLEST);
    return Math.max(0, height - this.scroller.clientHeight);
  }

  private settle(): void {
    this.follow(this.top >= this.lastTop - AT_END);
    this.invalidate();
  }

  private scrolled(): void {
    const { scrollTop } = this.scroller;
    if (Math.abs(scrollTop - this.expected) < 1) {
      this.invalidate(); // sideways, or our own doing
      return;
    }
    this.expected = scrollTop;
    this.top = this.track === 0 ? 0 : (scrollTop / this.track) * this.lastTop;
    this.settle();
  }

  /** Where a pixel of the scroll bar is not a pixel of text, the wheel moves the text. */
  private wheel(event: WheelEvent): void {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if ((!this.scaled && !this.wrap) || event.ctrlKey || event.shiftKey || sideways) {
      return;
    }
    const unit = [1, ROW, this.scroller.clientHeight][event.deltaMode] ?? 1;
    if (this.movePixels(event.deltaY * unit)) event.preventDefault();
  }

  private touch(event: TouchEvent, moving: boolean): void {
    const at = event.touches[0]?.clientY ?? 0;
    if (moving && this.scaled && this.movePixels(this.touchAt - at)) {
      event.preventDefault();
    }
    this.touchAt = at;
  }

  /** Move the text by pixels; false where it cannot move that way. */
  private movePixels(pixels: number): boolean {
    const before = this.top;
    let row = Math.floor(this.top);
    let rest = (this.top - row) * this.heightOf(row) + pixels;
    while (rest < 0 && row > 0) {
      row -= 1;
      rest += this.heightOf(row);
    }
    while (rest >= this.heightOf(row) && row < this.rows.count) {
      rest -= this.heightOf(row);
      row += 1;
    }
    this.moveTo(row + Math.max(0, rest) / this.heightOf(row));
    return this.top !== before;
  }

  private heightOf(row: number): number {
    const element = this.wrap ? this.drawn.get(row) : undefined;
    return element?.offsetHeight || ROW;
  }

  private render(): void {
    const { count } = this.rows;
    this.spacer.style.height = `${Math.min(count * ROW, TALLEST)}px`;
    this.element.classList.toggle("ops-wrap", this.wrap);
    if (this.following) this.top = this.lastTop;
    this.top = Math.min(Math.max(0, this.top), this.lastTop);
    this.drawRows();
    if (this.wrap) this.fitEnd();
    this.setScroll();
    this.place();
  }

  private drawRows(): void {
    const first = Math.max(0, this.first - OVERSCAN);
    const last = Math.min(this.rows.count, this.first + this.page + 2 + OVERSCAN);
    this.rows.want(first, last);
    for (const [row, element] of this.drawn) {
      if (row >= first && row < last) continue;
      element.remove();
      this.drawn.delete(row);
    }
    let before: ChildNode | null = this.window.firstChild;
    for (let row = first; row < last; row += 1) {
      before = this.drawRow(row, before);
    }
  }

  /** Draw one row in its place; what follows it. */
  private drawRow(row: number, before: ChildNode | null): ChildNode | null {
    const old = this.drawn.get(row);
    const element = this.rows.draw(row, old);
    if (element === null) return old?.nextSibling ?? before;
    if (old === undefined) {
      this.window.insertBefore(element, before);
    } else {
      old.replaceWith(element);
    }
    this.drawn.set(row, element);
    return element.nextSibling;
  }

  /** With wrapped lines the rows that fit at the end are known once they are drawn. */
  private fitEnd(): void {
    let left = this.scroller.clientHeight;
    let row = this.rows.count;
    while (row > 0 && left > 0 && this.drawn.has(row - 1)) {
      row -= 1;
      left -= this.heightOf(row);
    }
    if (left > 0 && row > 0) return; // the end is not on the screen
    const cut = row < this.rows.count && left < 0 ? -left / this.heightOf(row) : 0;
    this.fitting = this.rows.count - row - cut;
    if (this.following) this.top = this.lastTop;
    this.top = Math.min(this.top, this.lastTop);
  }

  private setScroll(): void {
    const part = this.lastTop === 0 ? 0 : this.top / this.lastTop;
    const wanted = part * this.track;
    if (Math.abs(this.scroller.scrollTop - wanted) >= 1) {
      this.scroller.scrollTop = wanted;
    }
    this.expected = this.scroller.scrollTop;
  }

  private place(): void {
    const drawnFirst = Math.max(0, this.first - OVERSCAN);
    let above = (this.top - drawnFirst) * ROW;
    if (this.wrap) {
      const anchor = this.drawn.get(this.first);
      const part = this.top - this.first;
      above = anchor ? anchor.offsetTop + part * anchor.offsetHeight : 0;
    } else {
      this.keepWidth();
    }
    const shift = this.scroller.scrollTop - above;
    this.window.style.transform = `translateY(${shift}px)`;
  }

  /** The widest line so far decides, so that the sideways scroll bar does not jump. */
  private keepWidth(): void {
    if (this.window.scrollWidth <= this.widest) return;
    this.widest = this.window.scrollWidth;
    this.window.style.minWidth = `${this.widest}px`;
  }
}
