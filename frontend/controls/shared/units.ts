// Sizes, rates and shares as the panel writes them; sizes in powers of 1024.

const SIZES = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;

/** `0 B`, `812 KiB`, `31.5 MiB`, `1.46 GiB`: three digits. */
export function bytes(count: number): string {
  const step = sizeStep(count);
  return `${short(count / 1024 ** step)} ${SIZES[step]}`;
}

/** The same a second. */
export function rate(perSecond: number): string {
  return `${bytes(perSecond)}/s`;
}

/** Percent of one core: `4.2 %`, `185 %`. */
export function percent(share: number): string {
  return `${share < 9.95 ? round(share, 1) : Math.round(share)} %`;
}

/** Which power of 1024 a count is written in. */
export function sizeStep(count: number): number {
  let step = 0;
  // 1023.6 would be written as 1024 of the smaller unit.
  while (count / 1024 ** step >= 999.5 && step < SIZES.length - 1) step += 1;
  return step;
}

/** Three digits, without zeros at the end. */
function short(number: number): string {
  return round(number, number < 9.995 ? 2 : number < 99.95 ? 1 : 0);
}

function round(number: number, places: number): string {
  return String(Number(number.toFixed(places)));
}

/** `1 process`, `12 processes`. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}
