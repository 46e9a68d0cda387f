// Environments: the colour that says how careful to be.

export interface EnvironmentRow {
  name: string;
  production?: boolean;
}

/** `error` for production, `warn` for tests close to it, `neutral` for the rest. */
export function environmentTone(row: EnvironmentRow | undefined): string {
  if (!row) return "neutral";
  if (row.production || /^prod/i.test(row.name)) return "error";
  return /^(uat|test|qa|stag|pre|int)/i.test(row.name) ? "warn" : "neutral";
}

/** Whether launching there asks once. */
export function isProduction(row: EnvironmentRow | undefined): boolean {
  return environmentTone(row) === "error";
}
