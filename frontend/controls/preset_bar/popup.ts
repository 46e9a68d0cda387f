// A panel below a button: opened by it, closed by Escape, by a choice or a click elsewhere.
import { h } from "../shared/dom";

export interface Popup {
  panel: HTMLElement;
  toggle: () => void;
  close: (refocus?: boolean) => void;
}

let popups = 0;

/** `fill` draws the panel anew each time it is opened, and says what gets the focus. */
export function popup(
  button: HTMLButtonElement,
  role: "menu" | "dialog",
  label: string,
  signal: AbortSignal | undefined,
  fill: (panel: HTMLElement) => HTMLElement | null,
): Popup {
  const panel = h("div", {
    class: "ops-preset-popup ops-card",
    id: `ops-preset-popup-${++popups}`,
    role,
    "aria-label": label,
    hidden: true,
  });
  button.setAttribute("aria-haspopup", role);
  button.setAttribute("aria-controls", panel.id);
  button.setAttribute("aria-expanded", "false");
  const close = (refocus = false): void => {
    if (panel.hidden) return;
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    if (refocus) button.focus();
  };
  const toggle = (): void => {
    if (!panel.hidden) return close(true);
    const first = fill(panel);
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    first?.focus();
  };
  button.addEventListener("click", toggle);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close(true);
  });
  panel.addEventListener("focusout", (event) => {
    const to = event.relatedTarget;
    if (to instanceof Node && !panel.contains(to) && to !== button) close();
  });
  const outside = (event: Event): void => {
    const path = event.composedPath();
    if (!path.includes(panel) && !path.includes(button)) close();
  };
  document.addEventListener("pointerdown", outside, signal ? { signal } : {});
  return { panel, toggle, close };
}

/** Up, Down, Home and End move through the items of a menu or a list. */
export function moveFocus(items: HTMLElement[], event: KeyboardEvent): void {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  const to = {
    ArrowDown: Math.min(at + 1, last),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: last,
  }[event.key];
  if (to === undefined || last < 0) return;
  event.preventDefault();
  items[to]?.focus();
}
