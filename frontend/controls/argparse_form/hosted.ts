// Users' own controls in the form: any ipywidget, shown in a field's place.
import type { AnyModel } from "@anywidget/types";
import { h } from "../shared/dom";

/** What a widget manager of ipywidgets gives for a model; of either generation. */
interface View {
  el: HTMLElement;
  luminoWidget?: Lumino;
  pWidget?: Lumino;
  remove: () => void;
  trigger: (event: string) => void;
}

interface Lumino {
  isAttached: boolean;
  constructor: { attach?: (widget: Lumino, host: HTMLElement) => void };
}

interface Manager {
  get_model: (id: string) => Promise<unknown>;
  create_view: (model: unknown) => Promise<View>;
}

interface Shown {
  reference: string;
  frame: HTMLElement;
  view: View | undefined;
  isGone: boolean;
}

const REFERENCE = /^IPY_MODEL_(.+)$/;

/** The widgets of one form by key; each view is made once and moves with its field. */
export class HostedControls {
  private readonly shown = new Map<string, Shown>();

  constructor(
    private readonly model: AnyModel,
    signal: AbortSignal | undefined,
  ) {
    signal?.addEventListener("abort", () => this.sweep(new Set()));
  }

  /** Put a field's own control into its slot; false where there is none. */
  host(key: string, slot: HTMLElement): boolean {
    const hosted = (this.model.get("hosted") ?? {}) as Record<string, unknown>;
    this.sweep(new Set(Object.keys(hosted)));
    const reference = String(hosted[key] ?? "");
    const id = REFERENCE.exec(reference)?.[1];
    if (id === undefined) return false;
    const known = this.shown.get(key);
    if (known?.reference === reference) {
      if (known.frame.parentElement !== slot) slot.replaceChildren(known.frame);
      return true;
    }
    this.drop(key);
    const frame = h("div", { class: "ops-hosted", "aria-busy": "true" });
    const made = { reference, frame, view: undefined, isGone: false };
    this.shown.set(key, made);
    slot.replaceChildren(frame);
    void this.fill(made, id);
    return true;
  }

  private async fill(shown: Shown, id: string): Promise<void> {
    const manager = this.model.widget_manager as unknown as Manager;
    try {
      const view = await manager.create_view(await manager.get_model(id));
      await connected(shown);
      if (shown.isGone) {
        view.remove();
        return;
      }
      shown.view = view;
      attach(view, shown.frame);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      shown.frame.textContent = `This control could not be shown: ${why}`;
      shown.frame.classList.add("ops-error-text");
    } finally {
      shown.frame.removeAttribute("aria-busy");
    }
  }

  private sweep(kept: ReadonlySet<string>): void {
    for (const key of [...this.shown.keys()]) if (!kept.has(key)) this.drop(key);
  }

  private drop(key: string): void {
    const shown = this.shown.get(key);
    if (!shown) return;
    this.shown.delete(key);
    shown.isGone = true;
    shown.view?.remove();
    shown.frame.remove();
  }
}

/** Widgets measure themselves when they are attached: their place must be in the page. */
async function connected({ frame }: Shown): Promise<void> {
  for (let frames = 0; !frame.isConnected && frames < MOST_FRAMES; frames++) {
    await new Promise(requestAnimationFrame);
  }
}

const MOST_FRAMES = 120;

function attach(view: View, frame: HTMLElement): void {
  const widget = view.luminoWidget ?? view.pWidget;
  const lumino = widget?.constructor.attach;
  if (widget && lumino && frame.isConnected && !widget.isAttached) {
    lumino(widget, frame);
    return;
  }
  frame.append(view.el);
  view.trigger("displayed");
}
