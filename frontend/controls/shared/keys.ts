// Keyboard: what counts as typing, and how the host is kept from taking our keys.

/** Whether a key pressed there belongs to a text field, so that no shortcut may act. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !NOT_TEXT.has(target.type);
}

const NOT_TEXT = new Set(["checkbox", "radio", "button", "submit", "reset"]);

/** Whether a plain key (no Ctrl, Alt, Meta) was pressed outside text fields. */
export function isShortcut(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) {
    return false;
  }
  return !isTyping(event.target);
}

/** Keep JupyterLab's command-mode keys (j, k, s, …) from acting inside an element. */
export function keepKeys(element: HTMLElement): void {
  element.dataset["lmSuppressShortcuts"] = "true";
}
