// Models and views: listen for as long as the view lives, send without repeating.
import type { AnyModel } from "@anywidget/types";

/** Call `act` whenever one of the traits changes, until the view goes. */
export function watch(
  model: AnyModel,
  traits: readonly string[],
  signal: AbortSignal | undefined,
  act: () => void,
): void {
  for (const trait of traits) model.on(`change:${trait}`, act);
  signal?.addEventListener("abort", () => {
    for (const trait of traits) model.off(`change:${trait}`, act);
  });
}

/** Hear Python's messages of one kind, until the view goes. */
export function hear(
  model: AnyModel,
  kind: string,
  signal: AbortSignal | undefined,
  act: (message: Record<string, unknown>) => void,
): void {
  const listen = (message: Record<string, unknown>): void => {
    if (message["kind"] === kind) act(message);
  };
  model.on("msg:custom", listen);
  signal?.addEventListener("abort", () => model.off("msg:custom", listen));
}

/** Set traits and send them in one message. */
export function save(model: AnyModel, traits: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(traits)) model.set(name, value);
  model.save_changes();
}

/** `act`, at most once per `wait` milliseconds after the last call; `now` at once. */
export function settle(
  act: () => void,
  wait: number,
): { later: () => void; now: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = (): void => {
    clearTimeout(timer);
    timer = undefined;
    act();
  };
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(now, wait);
  };
  return { later, now };
}

/** `act` once for all calls of one turn. */
export function together(act: () => void): () => void {
  let queued = false;
  return () => {
    if (queued) return;
    queued = true;
    queueMicrotask(() => {
      queued = false;
      act();
    });
  };
}
