// One line on the card: what the run uses now, or what it has used.
import { h } from "../shared/dom";
import { duration as span } from "../shared/time";
import { bytes, counted, percent, rate } from "../shared/units";
import { isMeasured, last, type Resources } from "./resources";
import { Sparkline } from "./sparkline";
import type { RunRow } from "./traits";

const LAST_S = 300; // "the last minutes" of the small lines
const FEWEST = 60;

/** The line; it is brought up to date in place. */
export class ResourceLine {
  readonly element = h("div", {
    class: "ops-run-uses",
    role: "group",
    "aria-label": "Resources",
  });
  private readonly cpu = new Item("CPU", new Sparkline());
  private readonly memory = new Item("Memory", new Sparkline());
  private readonly read = new Item("Read");
  private readonly write = new Item("Written");
  private readonly tree = new Item("");

  constructor() {
    const items = [this.cpu, this.memory, this.read, this.write, this.tree];
    this.element.append(...items.map((item) => item.element));
  }

  update(found: Resources | object, { active, duration, paused_s }: RunRow): void {
    const shown = isMeasured(found) && (!active || found.at.length > 0);
    this.element.hidden = !shown;
    if (!shown) return;
    if (active) this.showNow(found);
    else this.showTotals(found, (duration ?? 0) - (paused_s ?? 0));
    this.drawLines(found, active);
  }

  private showNow(found: Resources): void {
    const peak = Math.max(found.totals.peak_rss, ...found.rss);
    this.cpu.say(percent(last(found.cpu)), "Of one core");
    this.memory.say(bytes(last(found.rss)), MEMORY, `peak ${bytes(peak)}`);
    this.read.say(rate(last(found.read)), "Read from storage");
    this.write.say(rate(last(found.write)), "Written to storage");
    const { threads, processes } = found;
    this.tree.say(treeText(last(threads), last(processes)), "All of the run's");
  }

  private showTotals({ totals }: Resources, ran: number): void {
    const mean = ran > 1 ? `mean ${percent((100 * totals.cpu_s) / ran)}` : "";
    this.cpu.say(span(totals.cpu_s), "Processor time in all", mean);
    this.memory.say(`peak ${bytes(totals.peak_rss)}`, MEMORY);
    this.read.say(bytes(totals.read_bytes), "Read from storage in all");
    this.write.say(bytes(totals.write_bytes), "Written to storage in all");
    const tree = treeText(totals.peak_threads, totals.peak_processes);
    this.tree.say(`peak ${tree}`, "At most at a time");
  }

  private drawLines(found: Resources, active: boolean): void {
    const since = (found.at.at(-1) ?? 0) - LAST_S;
    const recent = found.at.findIndex((time) => time >= since);
    // Of a long run there are few samples, each the peak of its span.
    const first = active ? Math.max(0, Math.min(recent, found.at.length - FEWEST)) : 0;
    const at = found.at.slice(first);
    this.cpu.line?.draw(at, found.cpu.slice(first), 100);
    this.memory.line?.draw(at, found.rss.slice(first), 1);
  }
}

const MEMORY = "Resident memory of all processes; what they share counts for each";

function treeText(threads: number, processes: number): string {
  const many = counted(processes, "process", "processes");
  return `${counted(threads, "thread", "threads")} · ${many}`;
}

/** A name, a small line, a number, and what is said beside it. */
class Item {
  readonly element: HTMLElement;
  private readonly value = h("span", { class: "ops-run-use" });
  private readonly more = h("span", { class: "ops-muted" });

  constructor(
    name: string,
    readonly line?: Sparkline,
  ) {
    this.element = h(
      "span",
      { class: "ops-run-uses-item" },
      name ? h("span", { class: "ops-muted" }, name) : null,
      line?.element,
      this.value,
      this.more,
    );
  }

  say(value: string, title: string, more = ""): void {
    if (this.value.textContent !== value) this.value.textContent = value;
    if (this.more.textContent !== more) this.more.textContent = more;
    this.more.hidden = more === "";
    this.element.title = title;
  }
}
