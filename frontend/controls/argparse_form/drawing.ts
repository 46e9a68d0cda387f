// Rows are drawn a few at a time, the first screenful at once, so that a form of a
// thousand arguments never keeps the page from answering.
import type { FieldView } from "./context";

/** So many rows fill the tallest screen. */
const AT_ONCE = 40;
/** Milliseconds of one turn: far below what is felt. */
const SLICE_MS = 8;

export class Drawing {
  private waiting: FieldView[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private left = AT_ONCE;

  /** Draw a row, at once where it is one of the first. */
  add(view: FieldView): void {
    if (this.left > 0) {
      this.left--;
      view.draw();
      return;
    }
    this.waiting.push(view);
    this.timer ??= setTimeout(() => this.turn());
  }

  /** The next row is the first of a form, or of a command's form. */
  restart(): void {
    this.left = AT_ONCE;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
  }

  private turn(): void {
    const end = performance.now() + SLICE_MS;
    this.timer = undefined;
    while (this.waiting.length > 0 && performance.now() < end) {
      this.waiting.shift()?.draw();
    }
    if (this.waiting.length > 0) this.timer = setTimeout(() => this.turn());
  }
}
