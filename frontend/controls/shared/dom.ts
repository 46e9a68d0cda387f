// Small building blocks for the controls: elements, icons, status badges. Data becomes
// text nodes and attributes only, never HTML.

export type Child = Node | string | null | undefined | false;

export interface Attributes {
  [name: string]: string | number | boolean | null | undefined | EventListener;
}

/** An element; `on…` attributes are listeners, `false`/`null` leaves an attribute out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  element.append(...children.filter(isNode));
  return element;
}

function isNode(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}

/** Give an element its attributes and listeners, as `h` reads them. */
export function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.replace(/^on/, ""), value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
}

const SVG = "http://www.w3.org/2000/svg";

/** Paths on a 12 × 12 grid, drawn with the current colour. */
const ICONS: Record<string, string> = {
  check: "M2 6.5 4.8 9.2 10 3.2",
  cross: "M3 3l6 6M9 3l-6 6",
  dot: "M6 4a2 2 0 1 0 .01 0",
  clock: "M6 1.5a4.5 4.5 0 1 0 .01 0M6 3.5V6l1.8 1.2",
  pause: "M4 3v6M8 3v6",
  stop: "M3.5 3.5h5v5h-5z",
  play: "M4 2.5 9.5 6 4 9.5z",
  question: "M4.2 4.2a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.6-.9 1.2M6 9.2v.1",
  warning: "M6 1.8 10.8 10H1.2zM6 5v2.2M6 8.7v.1",
  reset: "M3 3.2A4 4 0 1 1 2 6M3 1v2.4h2.4",
  copy: "M4 4h6v6H4zM2 8V2h6",
  down: "M3 4.5 6 7.5 9 4.5",
  right: "M4.5 3 7.5 6 4.5 9",
  up: "M3 7.5 6 4.5 9 7.5",
  search: "M5 1.8a3.2 3.2 0 1 0 .01 0M7.4 7.4 10.4 10.4",
  download: "M6 1.5v6M3.5 5.2 6 7.7l2.5-2.5M2 10.3h8",
  wrap: "M1.5 3h9M1.5 6h7a1.7 1.7 0 1 1 0 3.4H6.5M7.8 8.1 6.5 9.4l1.3 1.3",
  menu: "M1.5 3h9M1.5 6h9M1.5 9h9",
  close: "M3 3l6 6M9 3l-6 6",
  plus: "M6 2v8M2 6h8",
  trash: "M2.5 3.5h7M4.5 3.5V2h3v1.5M3.5 3.5l.4 6.5h4.2l.4-6.5",
  list: "M4 3h6.5M4 6h6.5M4 9h6.5M1.6 3h.1M1.6 6h.1M1.6 9h.1",
  sliders: "M1.5 3.5h5M9 3.5h1.5M6.5 2.2v2.6M1.5 8.5H3M5.5 8.5h5M5.5 7.2v2.6",
  sun: "M6 4a2 2 0 1 0 .01 0M6 .9v.8M6 10.3v.8M.9 6h.8M10.3 6h.8M2.4 2.4l.5.5M9.1 9.1l.5.5M2.4 9.6l.5-.5M9.1 2.9l.5-.5",
  moon: "M9.8 7.3A4.2 4.2 0 1 1 4.7 2.2a3.4 3.4 0 0 0 5.1 5.1z",
  contrast: "M6 1.5a4.5 4.5 0 1 0 .01 0zM6 1.5v9M8 3.2v5.6M9.4 4.6v2.8",
  info: "M6 1.5a4.5 4.5 0 1 0 .01 0M6 5.6v2.6M6 3.7v.1",
  left: "M7.5 3 4.5 6 7.5 9",
  calendar: "M2 3h8v7H2zM2 5.3h8M4.2 1.7V4M7.8 1.7V4",
  refresh: "M10 6a4 4 0 1 1-1.2-2.8M9 1v2.4H6.6",
  minus: "M2 6h8",
  folder: "M1.5 2.5h3l1 1.3h5v5.7h-9z",
  file: "M3 1.5h3.8L9 3.7v6.8H3zM6.6 1.7v2.2H9",
  eye: "M1 6c1.2-2.2 2.9-3.3 5-3.3S9.8 3.8 11 6c-1.2 2.2-2.9 3.3-5 3.3S2.2 8.2 1 6zM6 4.7a1.3 1.3 0 1 0 .01 0",
  hidden:
    "M1 6c1.2-2.2 2.9-3.3 5-3.3S9.8 3.8 11 6c-1.2 2.2-2.9 3.3-5 3.3S2.2 8.2 1 6zM2 10.5 10 1.5",
  more: "M2.5 6h.01M6 6h.01M9.5 6h.01",
  grip: "M4.3 3h.01M7.7 3h.01M4.3 6h.01M7.7 6h.01M4.3 9h.01M7.7 9h.01",
  filter: "M1.5 2.5h9L7 6.5v3.5l-2-1V6.5z",
  external: "M7 2h3v3M10 2 5.5 6.5M8.5 7v3H2V3.5h3",
};

/** A decorative icon (hidden from screen readers: the word beside it says it). */
export function icon(name: string, size = 12): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  setAttributes(svg, {
    viewBox: "0 0 12 12",
    width: size,
    height: size,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.5,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  });
  path.setAttribute("d", ICONS[name] ?? ICONS["dot"] ?? "");
  svg.append(path);
  return svg;
}

/** How each state and outcome looks: tone (colour) and icon; the word is itself. */
const STATUS: Record<string, { tone: string; icon: string }> = {
  queued: { tone: "neutral", icon: "clock" },
  starting: { tone: "info", icon: "dot" },
  running: { tone: "info", icon: "play" },
  paused: { tone: "warn", icon: "pause" },
  stopping: { tone: "warn", icon: "stop" },
  orphaned: { tone: "warn", icon: "warning" },
  succeeded: { tone: "success", icon: "check" },
  failed: { tone: "error", icon: "cross" },
  killed: { tone: "error", icon: "cross" },
  limit: { tone: "error", icon: "warning" },
  start_failed: { tone: "error", icon: "cross" },
  stopped: { tone: "neutral", icon: "stop" },
  lost: { tone: "lost", icon: "question" },
  ended_unknown: { tone: "lost", icon: "question" },
};

/** The tone and the icon of a state or an outcome. */
export function statusLook(word: string): { tone: string; icon: string } {
  return STATUS[word] ?? { tone: "neutral", icon: "dot" };
}

/** A status badge: a colour and a word and an icon. */
export function statusBadge(word: string): HTMLElement {
  const look = statusLook(word);
  return h(
    "span",
    { class: "ops-status", "data-tone": look.tone, "data-status": word },
    icon(look.icon),
    word.replace(/_/g, " "),
  );
}
