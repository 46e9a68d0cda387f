// The script of the standalone page: the theme before anything is painted, the loading
// state until the panel is drawn, and one sentence when its kernel or the server is gone.

const SLOW_AFTER_MS = 30_000;
const RETRY_MS = [500, 1_000, 2_000, 4_000];
const ENDED =
  "The panel's Python session has ended; your runs go on. Reload to see them.";
const AWAY = "The server does not answer; your runs go on. Trying again.";
const SLOW =
  "The panel takes unusually long to open; the server's terminal may say why.";

const root = document.documentElement;
const base = root.dataset.opsBase ?? "/";

function byId(id: string): HTMLElement | null {
  return document.getElementById(id);
}

// -- theme ------------------------------------------------------------------------

const system = matchMedia("(prefers-color-scheme: dark)");

function applyTheme(): void {
  const mode = root.dataset.opsTheme;
  const dark = mode === "dark" || (mode !== "light" && system.matches);
  for (const element of [root, document.body as HTMLElement | null]) {
    element?.setAttribute("data-jp-theme-light", String(!dark));
    element?.setAttribute(
      "data-jp-theme-name",
      dark ? "JupyterLab Dark" : "JupyterLab Light",
    );
  }
  for (const link of document.querySelectorAll<HTMLLinkElement>("link[data-ops-for]")) {
    link.media = (link.dataset.opsFor === "dark") === dark ? "all" : "not all";
  }
}

// -- banner -----------------------------------------------------------------------

function showBanner(text: string): void {
  const banner = byId("ops-banner");
  const words = byId("ops-banner-text");
  if (banner && words && words.textContent !== text) words.textContent = text;
  if (banner) banner.hidden = false;
}

function hideBanner(): void {
  const banner = byId("ops-banner");
  if (banner) banner.hidden = true;
}

// -- loading ----------------------------------------------------------------------

function isDrawn(): boolean {
  const cells = byId("rendered_cells");
  return Boolean(
    cells?.querySelector(".opsdash, .jupyter-widgets, .jp-OutputArea-output pre") ??
    document.querySelector("[data-ops-failed]"),
  );
}

function watchLoading(): void {
  const slow = setTimeout(() => showBanner(SLOW), SLOW_AFTER_MS);
  const drawn = (): boolean => {
    if (!isDrawn()) return false;
    clearTimeout(slow);
    byId("ops-loading")?.remove();
    if (byId("ops-banner-text")?.textContent === SLOW) hideBanner();
    root.dataset.opsDrawn = "";
    return true;
  };
  if (drawn()) return;
  const observer = new MutationObserver(() => {
    if (drawn()) observer.disconnect();
  });
  observer.observe(document.body, { childList: true, subtree: true });
}

// -- the kernel -------------------------------------------------------------------

function kernelId(): string {
  const config = byId("jupyter-config-data")?.textContent;
  return config
    ? String((JSON.parse(config) as { kernelId?: string }).kernelId ?? "")
    : "";
}

function watchKernel(id: string, attempt = 0): void {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}${base}opsdash/page/${id}`);
  let ended = false;
  socket.addEventListener("message", (event: MessageEvent<string>) => {
    attempt = 0;
    ended = (JSON.parse(event.data) as { kernel: string }).kernel === "ended";
    if (ended) showBanner(ENDED);
    else hideBanner();
  });
  socket.addEventListener("close", () => {
    if (ended) return;
    // A single lost connection comes back within the first try and is not worth a word.
    if (attempt > 0) showBanner(AWAY);
    const wait = RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)];
    setTimeout(() => watchKernel(id, attempt + 1), wait);
  });
}

applyTheme();
system.addEventListener("change", applyTheme);
// The panel's own theme switch; its "auto" is what the server was told.
const served = root.dataset.opsTheme;
document.addEventListener("opsdash-theme", (event) => {
  const theme = (event as CustomEvent<string>).detail;
  root.dataset.opsTheme = theme === "auto" ? served : theme;
  applyTheme();
});
document.addEventListener("DOMContentLoaded", () => {
  applyTheme();
  for (const button of document.querySelectorAll("[data-ops-reload]")) {
    button.addEventListener("click", () => location.reload());
  }
  watchLoading();
  const id = kernelId();
  if (id) watchKernel(id);
});
