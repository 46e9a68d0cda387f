// Dates and the words that stand for them: today, t-1, month_end. Pure.
//
// A word becomes its day in the browser, while it is typed: the day stands beside the
// word and is what goes on the command line. Business days are Monday to Friday.
import type { Argument } from "./spec";

/** The words that a date field offers, with what they are called. */
export const TOKENS: readonly (readonly [word: string, said: string])[] = [
  ["today", "Today"],
  ["t-1", "Previous business day"],
  ["t+1", "Next business day"],
  ["month_start", "Month start"],
  ["month_end", "Month end"],
  ["prev_month_end", "Previous month end"],
  ["quarter_end", "Quarter end"],
  ["year_start", "Year start"],
];

const BUSINESS = /^t\s*([+-])\s*(\d{1,4})$/i;

/** The day that a word stands for, or null where the text is no such word. `t-1` is
 * the last business day (Monday to Friday) before today. */
export function resolveToken(text: string, today: Date): Date | null {
  const word = text.trim().toLowerCase();
  const match = BUSINESS.exec(word);
  if (match) return addBusinessDays(today, Number(`${match[1]}${match[2]}`));
  const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()];
  const quarter = month - (month % 3);
  const days: Record<string, [number, number, number]> = {
    t: [year, month, day],
    today: [year, month, day],
    yesterday: [year, month, day - 1],
    tomorrow: [year, month, day + 1],
    month_start: [year, month, 1],
    month_end: [year, month + 1, 0],
    prev_month_start: [year, month - 1, 1],
    prev_month_end: [year, month, 0],
    quarter_start: [year, quarter, 1],
    quarter_end: [year, quarter + 3, 0],
    prev_quarter_end: [year, quarter, 0],
    year_start: [year, 0, 1],
    year_end: [year, 12, 0],
    prev_year_end: [year, 0, 0],
  };
  const found = Object.hasOwn(days, word) ? days[word] : undefined;
  return found ? new Date(...found) : null;
}

export function isWeekend(day: Date): boolean {
  return day.getDay() === 0 || day.getDay() === 6;
}

/** So many business days later, or earlier; from a weekend the first step leaves it. */
export function addBusinessDays(from: Date, count: number): Date {
  const step = Math.sign(count);
  let day = new Date(from.getFullYear(), from.getMonth(), from.getDate());
  for (let left = Math.abs(count); left > 0;) {
    day = addDays(day, step);
    if (!isWeekend(day)) left--;
  }
  return day;
}

export function addDays(from: Date, count: number): Date {
  return new Date(from.getFullYear(), from.getMonth(), from.getDate() + count);
}

/** The same day so many months later, or the last one of a shorter month. */
export function addMonths(from: Date, count: number): Date {
  const last = new Date(from.getFullYear(), from.getMonth() + count + 1, 0);
  const day = Math.min(from.getDate(), last.getDate());
  return new Date(last.getFullYear(), last.getMonth(), day);
}

/** How a module writes its days: `YYYY-MM-DD`, `DD/MM/YYYY` … */
export type DateFormat = string;

export const ISO: DateFormat = "YYYY-MM-DD";
const FORMATS: readonly DateFormat[] = [
  ISO,
  "YYYYMMDD",
  "YYYY/MM/DD",
  "DD/MM/YYYY",
  "MM/DD/YYYY",
  "DD.MM.YYYY",
  "DD-MM-YYYY",
];

/** The format that a module names in what it says about an argument. */
export function formatOf(argument: Argument): DateFormat {
  const fallback = String(argument.default ?? "");
  const known = (argument.formats ?? []).map(fromStrptime);
  const own = known.find((format) => FORMATS.includes(format));
  if (own) return own;
  const said = [[argument.metavar ?? ""].flat().join(" "), argument.help ?? ""].join(
    " ",
  );
  const upper = fromStrptime(said).toUpperCase();
  const found = FORMATS.find((format) => upper.includes(format));
  return found ?? FORMATS.find((format) => parseAs(fallback, format) !== null) ?? ISO;
}

function fromStrptime(format: string): DateFormat {
  return format.replace(/%Y/g, "YYYY").replace(/%m/g, "MM").replace(/%d/g, "DD");
}

export function writeDate(date: Date, format: DateFormat = ISO): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return format
    .replace("YYYY", String(date.getFullYear()).padStart(4, "0"))
    .replace("MM", two(date.getMonth() + 1))
    .replace("DD", two(date.getDate()));
}

/** The day that a text names: as the format says, else as ISO or YYYYMMDD. */
export function readDate(text: string, format: DateFormat = ISO): Date | null {
  const day = text.trim();
  return parseAs(day, format) ?? parseAs(day, ISO) ?? parseAs(day, "YYYYMMDD");
}

function parseAs(text: string, format: DateFormat): Date | null {
  const parts = format.replace(/[/.]/g, "\\$&");
  const pattern = parts
    .replace("YYYY", "(?<y>\\d{4})")
    .replace("MM", "(?<m>\\d{2})")
    .replace("DD", "(?<d>\\d{2})");
  const found = new RegExp(`^${pattern}$`).exec(text)?.groups;
  if (!found) return null;
  const [year, month, day] = [
    Number(found["y"]),
    Number(found["m"]),
    Number(found["d"]),
  ];
  const date = new Date(year, month - 1, day);
  date.setFullYear(year, month - 1, day); // the years 0 to 99 are meant as they stand
  return date.getMonth() === month - 1 && date.getDate() === day ? date : null;
}

/** The text that goes on the command line for what was typed: a word becomes its day. */
export function resolveDate(text: string, today: Date, format: DateFormat): string {
  const date = resolveToken(text, today);
  return date ? writeDate(date, format) : text.trim();
}

/** `Mon 31 Mar 2025`. */
export function spellDate(date: Date): string {
  const parts = { weekday: "short", day: "numeric", month: "short", year: "numeric" };
  return date
    .toLocaleDateString("en-GB", parts as Intl.DateTimeFormatOptions)
    .replace(",", "");
}

/** A day, or a day and a time, as Python's `fromisoformat` reads them. */
export function looksLikeDate(text: string): boolean {
  const value = text.trim();
  if (/^\d{4}-?W\d{2}(-?[1-7])?$/.test(value)) return true;
  const timed = /^(\d{4}-\d{2}-\d{2})[T ].+$/.exec(value);
  return readDate(timed?.[1] ?? value) !== null;
}
