// The value of an option that is given without one: `{"bare": true}`. Pure.

export function isBare(value: unknown): boolean {
  return typeof value === "object" && value !== null && "bare" in value;
}
