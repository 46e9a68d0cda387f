// What was run, where and when: the folded facts of a run.
import { copyText } from "../shared/clipboard";
import { h, icon } from "../shared/dom";
import { exact } from "../shared/time";
import type { RunRow } from "./traits";

export function detailList(run: RunRow): HTMLElement {
  const command = ["-m", run.module, run.argv].filter(Boolean).join(" ");
  const asked =
    run.user && run.user !== run.requested_by
      ? `${run.requested_by} (as ${run.user})`
      : run.requested_by;
  const rows: [string, string][] = [
    ["Command", `python ${command}`],
    ["Interpreter", run.interpreter],
    ["Folder", run.cwd],
    ["Environment", run.environment || "none"],
    ["Requested by", asked],
    ["Host", run.host],
    ["Process", run.pid === null ? "" : String(run.pid)],
    ["Created", exact(run.created)],
    ["Started", exact(run.started)],
    ["Ended", exact(run.ended)],
    ["Run folder", run.run_dir],
    ["Run id", run.run_id],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  return h(
    "details",
    { class: "ops-run-detail" },
    h("summary", {}, "What was run"),
    h(
      "dl",
      {},
      ...shown.flatMap(([name, value]) => [
        h("dt", {}, name),
        h("dd", {}, copyable(value)),
      ]),
    ),
  );
}

const SHOWN_MS = 1200;

function copyable(value: string): HTMLElement {
  const mark = icon("copy");
  const button = h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button",
      type: "button",
      title: "Copy",
      "aria-label": `Copy ${value}`,
      onclick: async () => {
        if (!(await copyText(value))) return;
        button.replaceChildren(icon("check"));
        setTimeout(() => button.replaceChildren(mark), SHOWN_MS);
      },
    },
    mark,
  );
  return h(
    "span",
    { class: "ops-copyable" },
    h("span", { class: "ops-code" }, value),
    button,
  );
}
