// Asks for a name: to save under it, or to rename. It stays until Python has taken it.
import { h } from "../shared/dom";

export interface Naming {
  element: HTMLElement;
  open: (question: Question) => void;
  close: () => void;
}

export interface Question {
  title: string;
  button: string;
  name: string;
  description?: string;
  environment?: string;
  act: (name: string, description: string, keep: boolean) => void;
}

let boxes = 0;

export function namingBox(refocus: () => void): Naming {
  const id = `ops-preset-naming-${++boxes}`;
  const title = h("b", { id: `${id}-title` });
  const name = field(`${id}-name`, 80);
  const description = field(`${id}-description`, 400);
  const about = labelled("What it is for", description);
  const keep = h("input", { type: "checkbox" });
  const kept = h("span", {});
  const keeper = h("label", { class: "ops-preset-keep" }, keep, kept);
  const yes = h("button", { class: "ops-button ops-primary", type: "submit" });
  let act: Question["act"] = () => undefined;
  const close = (): void => {
    if (element.hidden) return;
    element.hidden = true;
    refocus();
  };
  const element = h(
    "form",
    {
      class: "ops-preset-naming ops-card",
      "aria-labelledby": title.id,
      hidden: true,
      onsubmit: (event: Event) => {
        event.preventDefault();
        const named = name.value.trim();
        if (named) act(named, description.value.trim(), keep.checked);
        else name.focus();
      },
      onkeydown: (event: Event) => {
        const { key } = event as KeyboardEvent;
        if (key !== "Escape") return;
        event.stopPropagation();
        close();
      },
    },
    title,
    labelled("Name", name),
    about,
    keeper,
    h(
      "div",
      { class: "ops-preset-answers" },
      yes,
      h(
        "button",
        { class: "ops-button ops-quiet", type: "button", onclick: close },
        "Cancel",
      ),
    ),
  );
  const open = (question: Question): void => {
    act = question.act;
    title.textContent = question.title;
    yes.textContent = question.button;
    name.value = question.name;
    about.hidden = question.description === undefined;
    description.value = question.description ?? "";
    kept.textContent = `Always in ${question.environment ?? ""}`;
    keeper.hidden = !question.environment;
    keep.checked = false;
    element.hidden = false;
    name.focus();
    name.select();
  };
  return { element, open, close };
}

function field(id: string, longest: number): HTMLInputElement {
  return h("input", {
    class: "ops-input",
    id,
    maxlength: longest,
    autocomplete: "off",
    spellcheck: "false",
  });
}

function labelled(text: string, input: HTMLInputElement): HTMLElement {
  return h(
    "div",
    { class: "ops-preset-field" },
    h("label", { for: input.id }, text),
    input,
  );
}
