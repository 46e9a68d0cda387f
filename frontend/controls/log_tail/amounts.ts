// How much, as people say it.

export function counted(lines: number): string {
  return `${lines.toLocaleString()} ${lines === 1 ? "line" : "lines"}`;
}

/** `999 B`, `1.2 GB`, as the words of a gap have it (`amount` in holes.py). */
export function bytes(size: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [value, step] = [size, 0];
  for (; Math.round(value) >= 1000 && step < units.length - 1; step += 1) value /= 1000;
  return `${value.toFixed(step === 0 || value >= 99.95 ? 0 : 1)} ${units[step] ?? ""}`;
}
