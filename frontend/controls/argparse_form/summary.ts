// What keeps the form from running, each with a link to its field.
import { h, icon } from "../shared/dom";
import { prose } from "../shared/prose";

const MOST = 6;

/** The box at the top of a form after a try to launch; empty where all is well. */
export function summary(
  found: Record<string, string>,
  nameOf: (key: string) => string,
  go: (key: string) => void,
): HTMLElement[] {
  const all = Object.entries(found).filter(([, said]) => said !== "");
  if (all.length === 0) return [];
  const title = all.length === 1 ? "One thing to mend" : `${all.length} things to mend`;
  const rows = all.slice(0, MOST).map(([key, said]) => {
    if (!key) return h("li", {}, ...prose(said));
    const name = nameOf(key);
    const rest = said.startsWith(`${name} `) ? said.slice(name.length) : `: ${said}`;
    const link = { class: "ops-link", type: "button", onclick: () => go(key) };
    return h("li", {}, h("button", link, name), h("span", {}, ...prose(rest)));
  });
  const more = all.length - MOST;
  return [
    h(
      "div",
      { class: "ops-form-summary", role: "alert" },
      icon("warning", 14),
      h(
        "div",
        {},
        h("b", {}, title),
        h("ul", {}, ...rows),
        more > 0 ? h("p", {}, `and ${more} more`) : null,
      ),
    ),
  ];
}
