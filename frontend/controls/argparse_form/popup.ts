// A panel that floats at a field: over everything else, and gone with a press elsewhere.

/** Pixels that it keeps from its field and from the window's edges. */
const GAP = 4;

export class Popup {
  private opened: AbortController | undefined;

  /**
   * @param anchor what it stands at.
   * @param panel what is shown; it is put into the page only while it is open.
   * @param closed called after it has closed.
   */
  constructor(
    private readonly anchor: HTMLElement,
    readonly panel: HTMLElement,
    private readonly closed: () => void = () => undefined,
  ) {
    panel.popover = "manual";
    panel.classList.add("ops-popup");
  }

  get isOpen(): boolean {
    return this.opened !== undefined;
  }

  open(): void {
    if (this.opened) return;
    this.opened = new AbortController();
    const { signal } = this.opened;
    (this.anchor.closest(".opsdash") ?? document.body).append(this.panel);
    this.panel.showPopover();
    this.place();
    document.addEventListener("pointerdown", (event) => this.pressed(event), {
      signal,
      capture: true,
    });
    document.addEventListener("scroll", () => this.place(), { signal, capture: true });
    window.addEventListener("resize", () => this.place(), { signal });
    this.panel.addEventListener("focusout", (event) => this.left(event), { signal });
  }

  close(): void {
    if (!this.opened) return;
    this.opened.abort();
    this.opened = undefined;
    this.panel.remove();
    this.closed();
  }

  /** Below its field, or above it where there is more room. */
  place(): void {
    const field = this.anchor.getBoundingClientRect();
    if (!this.anchor.isConnected || field.bottom < 0 || field.top > innerHeight) {
      this.close();
      return;
    }
    const { panel } = this;
    panel.style.minWidth = `${Math.min(field.width, innerWidth - 2 * GAP)}px`;
    const below = innerHeight - field.bottom - 2 * GAP;
    const above = field.top - 2 * GAP;
    panel.style.maxHeight = `${Math.max(below, above)}px`;
    const { width, height } = panel.getBoundingClientRect();
    const isBelow = height <= below || below >= above;
    const top = isBelow ? field.bottom + GAP : field.top - GAP - height;
    const left = Math.min(field.left, innerWidth - width - GAP);
    panel.style.left = `${Math.max(GAP, left)}px`;
    panel.style.top = `${Math.max(GAP, top)}px`;
  }

  /** The focus went elsewhere, by Tab. */
  private left({ relatedTarget: to }: FocusEvent): void {
    if (!(to instanceof Node)) return;
    if (!this.panel.contains(to) && !this.anchor.contains(to)) this.close();
  }

  private pressed(event: Event): void {
    const inside = event.composedPath();
    if (!inside.includes(this.panel) && !inside.includes(this.anchor)) this.close();
  }
}
