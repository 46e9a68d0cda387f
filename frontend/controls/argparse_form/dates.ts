// Dates and the words that stand for them: today, t-1, month_end. Pure.

const ISO = /^\d{4}-\d{2}-\d{2}([T ].*)?$/;
const BUSINESS = /^t\s*([+-])\s*(\d{1,4})$/i;

/** The words that a date field offers. */
export const TOKENS = [
  "today",
  "t-1",
  "t-5",
  "month_start",
  "month_end",
  "prev_month_end",
  "year_start",
] as const;

/** The day that a word stands for, or null where the text is no such word. `t-1` is
 * the last business day (Monday to Friday) before today. */
export function resolveToken(text: string, today: Date): Date | null {
  const word = text.trim().toLowerCase();
  const [year, month] = [today.getFullYear(), today.getMonth()];
  const day = (y: number, m: number, d: number): Date => new Date(y, m, d);
  switch (word) {
    case "today":
    case "t":
      return day(year, month, today.getDate());
    case "yesterday":
      return day(year, month, today.getDate() - 1);
    case "month_start":
      return day(year, month, 1);
    case "month_end":
      return day(year, month + 1, 0);
    case "prev_month_end":
      return day(year, month, 0);
    case "year_start":
      return day(year, 0, 1);
  }
  const match = BUSINESS.exec(word);
  if (!match) return null;
  return businessDays(today, Number(match[2]) * (match[1] === "-" ? -1 : 1));
}

function businessDays(from: Date, count: number): Date {
  const step = Math.sign(count);
  const date = new Date(from.getFullYear(), from.getMonth(), from.getDate());
  for (let left = Math.abs(count); left > 0;) {
    date.setDate(date.getDate() + step);
    if (date.getDay() !== 0 && date.getDay() !== 6) left--;
  }
  return date;
}

/** `2025-03-31`, of the local day. */
export function isoDate(date: Date): string {
  const two = (part: number): string => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Whether a module wants `20250331` rather than `2025-03-31`, told from what it says. */
export function wantsCompact(...said: (string | null | undefined)[]): boolean {
  return said.some((text) => !!text && /YYYYMMDD|%Y%m%d|^\d{8}$/.test(text));
}

/** The text that goes on the command line for what was typed: a word becomes its day. */
export function resolveDate(text: string, today: Date, compact: boolean): string {
  const date = resolveToken(text, today);
  if (!date) return text.trim();
  return compact ? isoDate(date).replace(/-/g, "") : isoDate(date);
}

export function looksLikeDate(text: string): boolean {
  const value = text.trim();
  const match = ISO.exec(value);
  return spelledOut(match ? value.slice(0, 10) : value) !== "";
}

/** `Mon 31 Mar 2025` for a date as typed or resolved; empty for anything else. */
export function spelledOut(text: string): string {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text.trim());
  if (!match) return "";
  const date = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  const wraps = date.getMonth() !== Number(match[2]) - 1;
  if (wraps || date.getDate() !== Number(match[3])) return "";
  return date
    .toLocaleDateString("en-GB", {
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
    })
    .replace(",", "");
}
