// The log of a run, live and as a whole: a window on the file that the kernel reads.
import type { RenderProps } from "@anywidget/types";
import { keepKeys } from "./shared/keys.ts";
import { Panel } from "./log_tail/panel.ts";

export default {
  render({ model, el, signal }: RenderProps & { signal?: AbortSignal }) {
    const ended = new AbortController();
    signal?.addEventListener("abort", () => ended.abort());
    el.classList.add("opsdash", "ops-log-tail");
    keepKeys(el);
    new Panel(model, el, ended.signal);
    return () => ended.abort();
  },
};
