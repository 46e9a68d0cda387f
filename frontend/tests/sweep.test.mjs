// The sweep's pure parts: which rows are shown, and in which order.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const order = await load("sweep_table/order.ts");

const row = (place, word, point, more = {}) => ({
  place,
  run_id: `r${place}`,
  word,
  started: null,
  duration: null,
  why: "",
  tries: 1,
  point,
  ...more,
});
const ROWS = [
  row(0, "succeeded", ["2024-01-01", "10"], { duration: 3 }),
  row(1, "failed", ["2024-01-02", "9"], { duration: 12, why: "no" }),
  row(2, "queued", ["2024-01-03", "0.5"]),
  row(3, "lost", ["2024-01-04", ""], { duration: 1, why: "a" }),
];
const places = (by, descending = false, only = "") =>
  order.arranged(ROWS, { by, descending, only }).map((one) => one.place);

test("numbers are sorted as numbers and dates as dates", () => {
  assert.deepEqual(places(1), [3, 2, 1, 0]);
  assert.deepEqual(places(0, true), [3, 2, 1, 0]);
});

test("what has no value comes last, going up", () => {
  assert.deepEqual(places("took"), [3, 0, 1, 2]);
  assert.deepEqual(places("why"), [3, 1, 0, 2]);
});

test("the status is sorted by what matters first", () => {
  assert.deepEqual(places("status"), [1, 3, 0, 2]);
});

test("rows are filtered by one word, or by all that failed", () => {
  assert.deepEqual(places("place", false, "queued"), [2]);
  assert.deepEqual(places("place", false, order.BAD), [1, 3]);
  assert.deepEqual(places("place", true), [3, 2, 1, 0]);
});
