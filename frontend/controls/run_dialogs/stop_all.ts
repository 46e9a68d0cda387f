// "Stop all of mine": says how many and which before it asks Python.
import type { AnyModel } from "@anywidget/types";
import { h, icon, statusBadge } from "../shared/dom";
import { prose } from "../shared/prose";
import { counted } from "../shared/units";
import type { Form, Model } from "./traits";

export function stopAllForm(model: AnyModel<Model>, close: () => void): Form {
  const question = h("p", {});
  const list = h("ul", { class: "ops-dialog-runs" });
  const problem = h("p", { class: "ops-error-text", role: "alert" });
  const yes = h("button", {
    class: "ops-button ops-danger",
    type: "button",
    onclick: () => model.send({ kind: "stop_all" }),
  });
  const no = h("button", { class: "ops-button", type: "button", onclick: close });
  const answers = h("div", { class: "ops-dialog-answers" }, yes, no);
  const element = h("div", {}, question, list, problem, answers);
  const update = (): void => {
    const { count = 0, runs = [] } = model.get("mine");
    const many = counted(count, "run", "runs");
    const busy = model.get("busy");
    question.textContent =
      count === 0
        ? "None of your runs is active."
        : `Stop ${many} of yours? Each is asked first, then terminated, and killed if ` +
          "it does not end.";
    list.replaceChildren(
      ...runs.map((run) =>
        h(
          "li",
          {},
          statusBadge(run.word),
          h("span", { class: "ops-dialog-module" }, run.module),
          h("span", { class: "ops-code ops-muted" }, run.short),
        ),
      ),
    );
    const rest = count - runs.length;
    if (rest > 0) list.append(h("li", { class: "ops-muted" }, `and ${rest} more`));
    problem.replaceChildren(...prose(model.get("problem")));
    yes.hidden = count === 0;
    yes.disabled = busy !== "";
    yes.replaceChildren(
      ...(busy
        ? [h("span", { class: "ops-spinner", "aria-hidden": "true" }), busy]
        : [icon("stop"), `Stop ${many}`]),
    );
    no.textContent = count === 0 ? "Close" : "Let them run";
  };
  const focus = (): void => no.focus();
  return { title: "Stop all of mine", element, open: update, update, focus };
}
