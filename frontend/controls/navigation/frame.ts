// The panel's height in its host, and its theme.

export type Theme = "auto" | "light" | "dark";
export interface ThemeSwitch {
  get: () => Theme;
  next: () => Theme;
}

const STORED = "opsdash-theme";
const ORDER: Theme[] = ["auto", "light", "dark"];

/** Take up the stored theme; the attribute on the body switches the tokens. */
export function startTheme(signal: AbortSignal | undefined): ThemeSwitch {
  let theme = stored();
  apply(theme);
  signal?.addEventListener("abort", () => apply("auto"));
  return {
    get: () => theme,
    next: () => {
      theme = ORDER[(ORDER.indexOf(theme) + 1) % ORDER.length] ?? "auto";
      remember(theme);
      apply(theme);
      return theme;
    },
  };
}

/** The tokens follow the body; a page of our own also follows (`opsdash-theme`). */
function apply(theme: Theme): void {
  if (theme === "auto") delete document.body.dataset["opsTheme"];
  else document.body.dataset["opsTheme"] = theme;
  document.dispatchEvent(new CustomEvent("opsdash-theme", { detail: theme }));
}

function stored(): Theme {
  try {
    const theme = localStorage.getItem(STORED) as Theme | null;
    return theme && ORDER.includes(theme) ? theme : "auto";
  } catch {
    return "auto"; // a page without storage starts with the host's theme
  }
}

function remember(theme: Theme): void {
  try {
    localStorage.setItem(STORED, theme);
  } catch {
    // the choice then holds for this page only
  }
}

const HOSTS = ".jp-WindowedPanel-outer, .jp-NotebookPanel-notebook, .jp-MainAreaWidget";

/** Fill the host: the window under Voila, the notebook's own area in JupyterLab. */
export function fitHeight(panel: HTMLElement, signal: AbortSignal | undefined): void {
  const host = panel.closest<HTMLElement>(HOSTS);
  panel.classList.toggle("ops-full", !host);
  if (!host) return;
  const fit = (): void => {
    panel.style.setProperty(
      "--ops-height",
      `${Math.max(560, host.clientHeight - 48)}px`,
    );
  };
  fit();
  const observer = new ResizeObserver(fit);
  observer.observe(host);
  signal?.addEventListener("abort", () => observer.disconnect());
}
