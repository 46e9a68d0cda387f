// What was run, where and when, and where its code came from: the folded facts of a run.
import { copyText } from "../shared/clipboard";
import { h, icon } from "../shared/dom";
import { exact } from "../shared/time";
import type { Provenance, RunRow } from "./traits";

/** The folds; they stay as they are while what they say is brought up to date. */
export class Detail {
  readonly element: HTMLElement;
  private readonly run = new Facts("What was run");
  private readonly code = new Facts("Provenance");

  constructor() {
    this.element = h("div", {}, this.run.element, this.code.element);
  }

  update(run: RunRow): void {
    this.run.show(whatWasRun(run));
    this.code.show(provenance(run));
  }
}

type Fact = [name: string, value: string, shown?: string];

function whatWasRun(run: RunRow): Fact[] {
  const command = ["-m", run.module, run.argv].filter(Boolean).join(" ");
  const limits = (run.limits ?? []).map(([label, text]) => `${label} ${text}`);
  return [
    ["Command", `python ${command}`],
    ["Interpreter", run.interpreter],
    ["Folder", run.cwd],
    ["Environment", run.environment || "none"],
    ["Limits", limits.join(" · ") || "none"],
    ["Process", run.pid === null ? "" : String(run.pid)],
    ["Created", exact(run.created)],
    ["Started", exact(run.started)],
    ["Ended", exact(run.ended)],
    ["Run folder", run.run_dir],
    ["Run id", run.run_id],
  ];
}

const SHORT = 12; // of a commit or a digest: enough to tell two apart by eye

function provenance(run: RunRow): Fact[] {
  const known = run.provenance ?? {};
  const commit = known.commit ?? "";
  const packages = known.packages ?? "";
  const count = known.package_count ? `, ${known.package_count} packages` : "";
  return [
    ["Commit", commit, commit.slice(0, SHORT)],
    ["Changes", commit && dirty(known)],
    ["Branch", known.branch ?? ""],
    ["Code", known.note ?? ""],
    ["Python", known.python ?? ""],
    ["Packages", packages, packages.slice(0, SHORT) + count],
    ["Requested by", run.requested_by],
    ["Launched by", run.launched_by ?? ""],
    ["System user", run.user],
    ["Host", run.host],
  ];
}

function dirty(known: Provenance): string {
  if (known.dirty === null || known.dirty === undefined) return "not known";
  return known.dirty ? "tracked files differed from the commit" : "none";
}

class Facts {
  readonly element: HTMLDetailsElement;
  private readonly list = h("dl", {});
  private shown = "";

  constructor(title: string) {
    const summary = h("summary", {}, title);
    this.element = h("details", { class: "ops-run-detail" }, summary, this.list);
  }

  show(facts: Fact[]): void {
    const given = facts.filter(([, value]) => value !== "");
    // What is the same is not written again: a selection in it would go.
    const key = JSON.stringify(given);
    if (key === this.shown) return;
    this.shown = key;
    this.element.hidden = given.length === 0;
    this.list.replaceChildren(
      ...given.flatMap(([name, value, shown]) => [
        h("dt", {}, name),
        h("dd", {}, copyable(value, shown ?? value)),
      ]),
    );
  }
}

const SHOWN_MS = 1200;

function copyable(value: string, shown: string): HTMLElement {
  const mark = icon("copy");
  const button = h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button",
      type: "button",
      title: shown === value ? "Copy" : `Copy ${value}`,
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
    h("span", { class: "ops-code" }, shown),
    button,
  );
}
