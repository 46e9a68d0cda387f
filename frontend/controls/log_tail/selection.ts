// Rows that are selected by their numbers; they may reach beyond what is drawn.

export class Selection {
  private anchor = -1;
  private low = 0;
  private high = 0; // one after the last

  constructor(
    private readonly scroller: HTMLElement,
    private readonly changed: () => void,
  ) {}

  get first(): number {
    return this.low;
  }

  get count(): number {
    return this.high - this.low;
  }

  has(row: number): boolean {
    return row >= this.low && row < this.high;
  }

  set(row: number, extend: boolean): void {
    if (!extend || this.anchor < 0) this.anchor = row;
    this.low = Math.min(this.anchor, row);
    this.high = Math.max(this.anchor, row) + 1;
    this.changed();
  }

  setAll(count: number): void {
    this.anchor = 0;
    this.low = 0;
    this.high = count;
    this.changed();
  }

  /** Rows are counted anew; of what is gone its gap is left. */
  renumber(moved: (row: number) => number, gap: number): void {
    if (this.count === 0) return;
    const now = (row: number): number => (moved(row) < 0 ? gap : moved(row));
    const last = now(this.high - 1);
    this.anchor = now(this.anchor);
    this.low = now(this.low);
    this.high = last + 1;
    if (last === gap) this.clear();
  }

  clear(): void {
    if (this.count === 0) return;
    this.anchor = -1;
    this.low = this.high = 0;
    this.changed();
  }

  /** What the pointer has selected in the log, or nothing. */
  text(): string {
    const selection = getSelection();
    const inside =
      selection !== null &&
      !selection.isCollapsed &&
      this.scroller.contains(selection.anchorNode);
    return inside ? selection.toString() : "";
  }
}
