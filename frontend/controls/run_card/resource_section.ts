// The section "Resources" of an opened run: its use of the machine over its time.
import { h } from "../shared/dom";
import { charts, isMeasured, type Resources } from "./resources";
import { Timeline } from "./timeline";

/** Folded at first; drawn only while it is open. */
export class ResourceSection {
  readonly element: HTMLDetailsElement;
  private readonly body = h("div", { class: "ops-charts" });
  private readonly lines = new Map<string, Timeline>();
  private found: Resources | object = {};

  constructor(signal: AbortSignal | undefined) {
    this.element = h(
      "details",
      { class: "ops-run-detail", ontoggle: () => this.draw() },
      h("summary", {}, "Resources"),
      this.body,
    );
    const sizes = new ResizeObserver(() => this.draw());
    sizes.observe(this.body);
    signal?.addEventListener("abort", () => sizes.disconnect());
  }

  update(found: Resources | object): void {
    this.found = found;
    this.element.hidden = !isMeasured(found);
    this.draw();
  }

  private draw(): void {
    const { found } = this;
    if (!this.element.open || !isMeasured(found)) return;
    const shown = charts(found);
    if (shown.length === 0) {
      this.lines.clear();
      this.body.replaceChildren(h("p", { class: "ops-muted" }, TOO_SHORT));
      return;
    }
    if (this.lines.size === 0) {
      for (const { title } of shown) this.lines.set(title, new Timeline(title));
      this.body.replaceChildren(...[...this.lines.values()].map((one) => one.element));
    }
    for (const chart of shown) this.lines.get(chart.title)?.draw(chart, found);
  }
}

const TOO_SHORT = "It was measured once only; two samples make a line.";
