// The folded section "Limits": what may end the run, or shorten its log.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { save, settle, watch } from "../shared/watch";
import type { LimitField, Model } from "./traits";

const TYPING_MS = 400;

/** The section; Python reads what is written and says what is wrong with it. `flush`
 * hands over what is still being typed. */
export function limitsBox(
  model: AnyModel<Model>,
  id: string,
  signal: AbortSignal | undefined,
): { element: HTMLElement; flush: () => void } {
  const fields = model.get("limit_fields").map((one) => limitField(model, id, one));
  const summary = h("span", { class: "ops-launch-limits-said" });
  const element = h(
    "details",
    { class: "ops-launch-limits" },
    h("summary", {}, icon("right"), "Limits", summary),
    h(
      "div",
      { class: "ops-launch-limits-fields" },
      ...fields.map((one) => one.element),
    ),
  );
  const update = (): void => {
    const wrong = Object.keys(model.get("limit_errors")).length > 0;
    const said = model.get("limit_summary");
    summary.textContent = wrong ? "one is wrong" : said || "none";
    summary.title = said;
    summary.toggleAttribute("data-wrong", wrong);
    for (const one of fields) one.update();
  };
  update();
  watch(model, ["limits"], signal, () => {
    for (const one of fields) one.fill();
  });
  const traits = ["limit_errors", "limit_summary", "limit_defaults"];
  watch(model, traits, signal, update);
  const flush = (): void => {
    for (const one of fields) one.send();
  };
  return { element, flush };
}

function limitField(model: AnyModel<Model>, id: string, field: LimitField) {
  const { name } = field;
  const own = `${id}-${name}`;
  const send = settle(() => {
    if (written() === input.value) return;
    save(model, { limits: { ...model.get("limits"), [name]: input.value } });
  }, TYPING_MS);
  const input = h("input", {
    class: "ops-input",
    id: own,
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": `${own}-help`,
    oninput: send.later,
    onchange: send.now,
  });
  const help = h("span", { id: `${own}-help` });
  const written = (): string => model.get("limits")[name] ?? "";
  const update = (): void => {
    const usual = model.get("limit_defaults")[name];
    const wrong = model.get("limit_errors")[name] ?? "";
    input.placeholder = usual ? `${usual} by the settings` : `none; ${field.example}`;
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    const clear = usual ? " Write none for no limit." : "";
    help.textContent = wrong || field.help + clear;
    help.className = wrong ? "ops-error-text" : "ops-muted";
  };
  const fill = (): void => {
    if (document.activeElement !== input) input.value = written();
  };
  fill();
  update();
  const element = h(
    "div",
    { class: "ops-launch-field" },
    h("label", { for: own }, field.label),
    input,
    help,
  );
  return { element, update, fill, send: send.now };
}
