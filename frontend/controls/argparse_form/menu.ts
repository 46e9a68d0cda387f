// A field's menu: what can be done with it besides typing.
import { h, icon } from "../shared/dom";
import { Popup } from "./popup";

export interface MenuItem {
  label: string;
  /** Dimmed, behind the label. */
  note?: string;
  act: () => void;
}

/** A titled part of the menu. */
export interface MenuPart {
  title: string;
  items: MenuItem[];
}

export function menuButton(label: string, parts: () => MenuPart[]): HTMLButtonElement {
  let popup: Popup | undefined;
  const button = h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button ops-field-menu",
      type: "button",
      title: "More",
      "aria-label": label,
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      onclick: () => (popup ? popup.close() : open()),
      onkeydown: (event) => {
        if ((event as KeyboardEvent).key !== "ArrowDown" || popup) return;
        event.preventDefault();
        open();
      },
    },
    icon("more"),
  );
  const open = (): void => {
    const panel = menu(label, parts(), (act) => {
      popup?.close();
      button.focus();
      act?.();
    });
    popup = new Popup(button, panel, () => {
      popup = undefined;
      button.setAttribute("aria-expanded", "false");
    });
    popup.open();
    button.setAttribute("aria-expanded", "true");
    panel.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
  };
  return button;
}

function menu(
  label: string,
  parts: MenuPart[],
  leave: (act?: () => void) => void,
): HTMLElement {
  const shown = parts.filter((part) => part.items.length > 0);
  const panel = h(
    "div",
    { class: "ops-popup-menu", role: "menu", "aria-label": label },
    ...shown.map((part) =>
      h(
        "div",
        { class: "ops-menu-part", role: "group", "aria-label": part.title || label },
        part.title ? h("div", { class: "ops-menu-title" }, part.title) : null,
        ...part.items.map((item) => menuItem(item, leave)),
      ),
    ),
  );
  panel.addEventListener("keydown", (event) => {
    const items = [...panel.querySelectorAll<HTMLElement>('[role="menuitem"]')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    const moves: Record<string, number> = {
      ArrowDown: (at + 1) % items.length,
      ArrowUp: (at - 1 + items.length) % items.length,
      Home: 0,
      End: items.length - 1,
    };
    const to = moves[event.key];
    if (to !== undefined) items[to]?.focus();
    else if (event.key === "Escape" || event.key === "Tab") leave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  return panel;
}

function menuItem(
  { label, note, act }: MenuItem,
  leave: (act: () => void) => void,
): HTMLElement {
  return h(
    "button",
    {
      class: "ops-menu-item",
      type: "button",
      role: "menuitem",
      tabindex: "-1",
      onclick: () => leave(act),
    },
    h("span", { class: "ops-menu-label" }, label),
    note ? h("span", { class: "ops-option-note" }, note) : null,
  );
}
