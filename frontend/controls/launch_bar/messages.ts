// What the bar says above its buttons: a question, a failure, or why it is blocked.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { environmentTone } from "../shared/environment";
import { prose } from "../shared/prose";
import type { Model, NamedField, Problem } from "./traits";

export interface Answers {
  yes: () => void;
  no: () => void;
}

export function messageBox(
  model: AnyModel<Model>,
  asking: boolean,
  answers: Answers,
): HTMLElement[] {
  if (asking) return [question(model, answers)];
  const problem = model.get("problem");
  const blocked = model.get("blocked");
  return [
    ...(problem.message ? [failure(model, problem)] : []),
    ...(blocked ? [reason(model, blocked)] : unchecked(model.get("unchecked"))),
  ];
}

function question(model: AnyModel<Model>, answers: Answers): HTMLElement {
  const name = model.get("environment");
  const row = model.get("environments").find((each) => each.name === name);
  return h(
    "div",
    {
      class: "ops-launch-question",
      role: "alertdialog",
      "aria-label": "Confirm the launch",
      "data-tone": environmentTone(row),
      onkeydown: (event: Event) => {
        if ((event as KeyboardEvent).key === "Escape") answers.no();
      },
    },
    h("p", {}, icon("warning", 14), h("span", {}, model.get("confirm"))),
    h(
      "div",
      { class: "ops-launch-answers" },
      h(
        "button",
        { class: "ops-button", type: "button", "data-yes": true, onclick: answers.yes },
        name ? `Run in ${name}` : "Run it",
      ),
      h(
        "button",
        { class: "ops-button ops-quiet", type: "button", onclick: answers.no },
        "Cancel",
      ),
    ),
  );
}

function failure(model: AnyModel<Model>, problem: Problem): HTMLElement {
  const fields = (problem.fields ?? []).slice(0, MOST_LINKS);
  return h(
    "div",
    { class: "ops-launch-failure", role: "alert" },
    icon("warning", 14),
    h(
      "div",
      {},
      h("b", {}, ...prose(problem.message ?? "")),
      problem.next_step ? h("div", {}, ...prose(problem.next_step)) : null,
      fields.length > 0
        ? h("p", {}, "Go to ", ...joined(fields.map((one) => link(model, one))))
        : null,
      problem.details
        ? h(
            "details",
            {},
            h("summary", {}, "Details"),
            h("pre", { class: "ops-code" }, problem.details),
          )
        : null,
    ),
  );
}

/** A button that does nothing says why; with a form at hand, each field is one press
 * away. */
function reason(model: AnyModel<Model>, blocked: string): HTMLElement {
  if (!model.get("revealable")) return h("p", { class: "ops-launch-reason" }, blocked);
  const missing = model.get("missing");
  const links = joined(missing.slice(0, MOST_LINKS).map((one) => link(model, one)));
  const more = missing.length - MOST_LINKS;
  const rest =
    more > 0 ? [" and ", link(model, { field: "", name: `${more} more` })] : [];
  return h(
    "p",
    { class: "ops-launch-reason" },
    "Still needed or wrong: ",
    ...links,
    ...rest,
  );
}

const MOST_LINKS = 3;

function joined(links: HTMLElement[]): (HTMLElement | string)[] {
  return links.flatMap((one, at) => (at > 0 ? [", ", one] : [one]));
}

/** Goes to a field of the form. */
function link(model: AnyModel<Model>, { field, name }: NamedField): HTMLElement {
  return h(
    "button",
    {
      class: "ops-link",
      type: "button",
      onclick: () => model.send({ kind: "reveal", field }),
    },
    name,
  );
}

/** Where the module's own parser is not asked, a launch may still be refused by it. */
function unchecked(sentence: string): HTMLElement[] {
  if (!sentence) return [];
  return [h("p", { class: "ops-launch-reason ops-launch-unchecked" }, sentence)];
}
