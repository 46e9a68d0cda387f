// A small panel under a button: opens by click, closes by Escape or a click elsewhere.
import { h } from "../shared/dom.ts";

export class Popover {
  readonly panel: HTMLElement;

  constructor(
    readonly button: HTMLButtonElement,
    label: string,
    signal: AbortSignal,
    private readonly fill: () => Node[],
  ) {
    this.panel = h("div", { class: "ops-rt-popover ops-card", hidden: true });
    this.panel.setAttribute("role", "dialog");
    this.panel.setAttribute("aria-label", label);
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", () => this.toggle());
    this.panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
      button.focus();
    });
    const outside = (event: Event): void => {
      const inside = event
        .composedPath()
        .some((node) => node === this.panel || node === button);
      if (!inside) this.close();
    };
    document.addEventListener("pointerdown", outside, { signal });
  }

  toggle(): void {
    if (this.panel.hidden) this.open();
    else this.close();
  }

  open(): void {
    this.panel.replaceChildren(...this.fill());
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.panel.querySelector<HTMLElement>("input, button")?.focus();
  }

  close(): void {
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }
}
