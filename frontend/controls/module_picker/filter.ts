// Which modules are shown, and in which groups. Pure.

export interface Listing {
  name: string;
  package: string;
  title: string;
  kind: string;
  error: string;
}

export interface PackageGroup {
  name: string;
  rows: Listing[];
}

/** Whether it can be run (a broken one is shown: its owner wants to know). */
export function isRunnable(row: Listing): boolean {
  return row.kind !== "not runnable";
}

/** Every word of the filter occurs in the name or the title. */
export function matches(row: Listing, filter: string): boolean {
  const text = `${row.name} ${row.title}`.toLowerCase();
  return filter
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** As a person sorts: `desk_2` before `desk_10`. */
const NATURAL = new Intl.Collator("en", { numeric: true });

/** The rows by package: the configured packages in their order, then the rest. */
export function tree(
  rows: readonly Listing[],
  packages: readonly string[],
): PackageGroup[] {
  const groups = new Map<string, Listing[]>(packages.map((name) => [name, []]));
  for (const row of rows) {
    const group = groups.get(row.package);
    if (group) group.push(row);
    else groups.set(row.package, [row]);
  }
  return [...groups]
    .filter(([, members]) => members.length > 0)
    .map(([name, members]) => ({
      name,
      rows: members.sort((one, other) => NATURAL.compare(one.name, other.name)),
    }));
}

/** The name within its package: `runners.price_options` in `runners` is the latter. */
export function shortName(row: Listing): string {
  const prefix = `${row.package}.`;
  return row.name.startsWith(prefix) ? row.name.slice(prefix.length) : row.name;
}
