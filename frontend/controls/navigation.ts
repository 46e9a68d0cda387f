// The frame: rail (a menu on narrow panels), top bar, notices, help, theme.
import type { RenderProps } from "@anywidget/types";
import { h } from "./shared/dom";
import { watch } from "./shared/watch";
import { fitHeight, startTheme } from "./navigation/frame";
import { drawNotices } from "./navigation/notices";
import { type Update, drawRail, drawTopBar } from "./navigation/bars";
import { helpDialog } from "./navigation/help";
import { listenForKeys } from "./navigation/keys";
import type { Model } from "./navigation/traits";

function render({ model, el, signal }: RenderProps<Model>): void {
  el.classList.add("opsdash", "ops-navigation");
  const rail = h("aside", { class: "ops-rail" });
  const top = h("header", { class: "ops-topbar" });
  const notices = h("div", {
    class: "ops-notices",
    role: "status",
    "aria-live": "polite",
  });
  const help = helpDialog();
  el.append(rail, top, notices, help.element);

  const frame = (): HTMLElement => el.closest<HTMLElement>(".ops-panel") ?? el;
  const theme = startTheme(signal);
  const actions = { help: help.open, theme };
  const showPage = (): void => {
    frame().dataset["page"] = model.get("page");
  };
  let updates: Update[] = [];
  const update = (): void => {
    for (const one of updates) one();
    showPage();
  };
  const draw = (): void => {
    updates = [drawRail(rail, model, actions), drawTopBar(top, model, actions)];
    showPage();
  };
  draw();
  drawNotices(notices, model);
  watch(model, ["title", "pages", "user"], signal, draw);
  watch(model, ["page", "environment", "environments", "counts"], signal, update);
  watch(model, ["notices"], signal, () => drawNotices(notices, model));
  // The panel around us exists only after the host has attached the view.
  requestAnimationFrame(() => {
    showPage();
    fitHeight(frame(), signal);
    listenForKeys(frame(), help.open, signal);
    model.send({ kind: "opened" });
  });
}

export default { render };
