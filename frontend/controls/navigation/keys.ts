// The panel's keys: each control marks what a key should press or focus.
import { isShortcut, isTyping, keepKeys } from "../shared/keys";

/** `data-ops-filter` marks filter fields, `data-ops-stop`, `data-ops-pause` and
 * `data-ops-run` buttons, `data-ops-page` the page buttons in order. */
export function listenForKeys(
  panel: HTMLElement,
  help: () => void,
  signal: AbortSignal | undefined,
): void {
  keepKeys(panel);
  const listen = (event: KeyboardEvent): void => act(panel, event, help);
  panel.addEventListener("keydown", listen, signal ? { signal } : {});
  // On a page of its own the keys work before anything has the focus.
  if (!panel.classList.contains("ops-full")) return;
  const early = (event: KeyboardEvent): void => {
    if (event.target === document.body) act(panel, event, help);
  };
  document.addEventListener("keydown", early, signal ? { signal } : {});
}

function act(panel: HTMLElement, event: KeyboardEvent, help: () => void): void {
  if (event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    if (press(panel, "[data-ops-run]")) event.preventDefault();
    return;
  }
  if (event.key === "Escape" && isTyping(event.target)) {
    (event.target as HTMLElement).blur();
    return;
  }
  if (!isShortcut(event)) return;
  if (event.key === "?") help();
  else if (event.key === "/") focusFilter(panel);
  else if (event.key === "s") press(panel, "[data-ops-stop]");
  else if (event.key === "p") press(panel, "[data-ops-pause]");
  else if (/^[1-9]$/.test(event.key)) pressPage(panel, Number(event.key));
  else return;
  event.preventDefault();
}

function visible<T extends HTMLElement>(panel: HTMLElement, selector: string): T[] {
  return [...panel.querySelectorAll<T>(selector)].filter(
    (element) => element.offsetParent !== null,
  );
}

function press(panel: HTMLElement, selector: string): boolean {
  const button = visible<HTMLButtonElement>(panel, selector)[0];
  button?.click();
  return button !== undefined;
}

function pressPage(panel: HTMLElement, number: number): void {
  const buttons = panel.querySelectorAll<HTMLButtonElement>("[data-ops-page]");
  buttons[number - 1]?.click();
}

function focusFilter(panel: HTMLElement): void {
  const field = visible<HTMLInputElement>(panel, "[data-ops-filter]")[0];
  field?.focus();
  field?.select();
}
