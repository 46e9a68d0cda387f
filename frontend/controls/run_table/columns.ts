// The columns: their headings, their order in the registry, how a cell is drawn.
import { h, statusBadge } from "../shared/dom.ts";
import { environmentTone } from "../shared/environment.ts";
import { ago, duration, exact } from "../shared/time.ts";
import { took, type RunRow } from "./row.ts";

/** Width of the table below which its rows are cards. */
export const CARDS_BELOW_PX = 600;

export interface Column {
  id: string;
  label: string;
  /** Key of RunQuery.sort; none: cannot be sorted. */
  sort?: string;
  /** Whether a first click shows the greatest first. */
  descends?: boolean;
  /** Width in the grid. */
  width: string;
  /** Cannot be hidden. */
  fixed?: boolean;
  /** Changes by itself as time goes by. */
  ticks?: boolean;
  fill: (cell: HTMLElement, row: RunRow) => void;
}

function text(cell: HTMLElement, value: string, title = value): void {
  if (cell.textContent !== value) cell.textContent = value;
  if (title) cell.title = title;
  else cell.removeAttribute("title");
}

function fillStatus(cell: HTMLElement, row: RunRow): void {
  if (cell.dataset["word"] === row.word) return;
  cell.dataset["word"] = row.word;
  cell.replaceChildren(statusBadge(row.word));
}

function fillEnvironment(cell: HTMLElement, row: RunRow): void {
  const name = row.environment;
  if (cell.dataset["name"] === name) return;
  cell.dataset["name"] = name;
  const tone = environmentTone({ name });
  const badge = h(
    "span",
    { class: "ops-rt-tag", "data-tone": tone, title: name },
    name,
  );
  cell.replaceChildren(...(name ? [badge] : []));
}

function fillExit(cell: HTMLElement, row: RunRow): void {
  if (row.signal !== null) text(cell, `signal ${row.signal}`);
  else text(cell, row.exit_code === null ? "" : String(row.exit_code), "");
}

/** The reason; cards have room for the arguments where there is none. */
function fillWhy(cell: HTMLElement, row: RunRow): void {
  text(cell, row.why);
  cell.dataset["argv"] = row.why ? "" : row.argv.slice(0, 200);
}

/** Every column there is, in the order in which they are shown. */
export const COLUMNS: readonly Column[] = [
  {
    id: "status",
    label: "Status",
    sort: "state",
    width: "124px",
    fixed: true,
    fill: fillStatus,
  },
  {
    id: "module",
    label: "Module",
    sort: "module",
    width: "minmax(168px, 2fr)",
    fixed: true,
    fill: (cell, row) => {
      const command = row.argv ? `${row.module} ${row.argv}` : row.module;
      text(cell, row.module, command.slice(0, 600));
    },
  },
  {
    id: "id",
    label: "Id",
    width: "72px",
    fill: (cell, row) => text(cell, row.short, row.run_id),
  },
  {
    id: "started",
    label: "Started",
    sort: "created",
    descends: true,
    width: "88px",
    ticks: true,
    fill: (cell, row) => {
      const when = row.started ?? row.created;
      text(cell, ago(when), exact(when));
    },
  },
  {
    id: "took",
    label: "Took",
    sort: "duration",
    descends: true,
    width: "76px",
    ticks: true,
    fill: (cell, row) => text(cell, duration(took(row)), ""),
  },
  {
    id: "user",
    label: "User",
    sort: "user",
    width: "minmax(56px, 104px)",
    fill: (cell, row) => text(cell, row.requested_by || row.user),
  },
  {
    id: "env",
    label: "Env",
    sort: "environment",
    width: "minmax(48px, 80px)",
    fill: fillEnvironment,
  },
  {
    id: "host",
    label: "Host",
    width: "minmax(64px, 120px)",
    fill: (cell, row) => text(cell, row.host),
  },
  { id: "exit", label: "Exit", width: "72px", fill: fillExit },
  {
    id: "why",
    label: "Why",
    width: "minmax(80px, 3fr)",
    fill: fillWhy,
  },
];

/** The columns to show: the chosen ones and those that cannot be hidden, in order. */
export function visible(chosen: readonly string[], width: number): Column[] {
  const squeezed = width < 760 && width >= CARDS_BELOW_PX ? ["user", "host"] : [];
  return COLUMNS.filter(
    (column) =>
      column.fixed || (chosen.includes(column.id) && !squeezed.includes(column.id)),
  );
}
