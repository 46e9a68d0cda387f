// What a run uses, in words and in the places of a chart.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const units = await load("shared/units.ts");
const scale = await load("run_card/scale.ts");
const resources = await load("run_card/resources.ts");

const USED = {
  at: [100, 101, 102, 103, 104],
  cpu: [0, 150, 0, 0, 100],
  rss: [1, 2, 3, 4, 5].map((one) => one * 2 ** 20),
  read: [0, 0, 0, 0, 0],
  write: [0, 2048, 0, 0, 0],
  threads: [1, 2, 2, 2, 2],
  processes: [1, 1, 1, 1, 1],
  paused: [0, 0, 1, 1, 0],
  totals: { peak_rss: 5 * 2 ** 20 },
};

test("sizes have three digits and a unit", () => {
  const sizes = [0, 999, 1000, 1536, 31.5 * 2 ** 20, 1023.9 * 2 ** 20, 1.46 * 2 ** 30];
  assert.deepEqual(sizes.map(units.bytes), [
    "0 B",
    "999 B",
    "0.98 KiB",
    "1.5 KiB",
    "31.5 MiB",
    "1 GiB",
    "1.46 GiB",
  ]);
  assert.equal(units.rate(2048), "2 KiB/s");
});

test("a share of a core is whole from ten percent on", () => {
  assert.deepEqual([0, 4.25, 9.96, 185.4].map(units.percent), [
    "0 %",
    "4.3 %",
    "10 %",
    "185 %",
  ]);
});

test("an axis goes from 0 to just above the greatest value in round steps", () => {
  const texts = (greatest, unit) =>
    scale.valueTicks(greatest, unit).map((tick) => tick.text);
  assert.deepEqual(texts(0, "percent"), ["0", "50 %", "100 %"]);
  assert.deepEqual(texts(185, "percent"), ["0", "100 %", "200 %"]);
  assert.deepEqual(texts(875 * 2 ** 20, "bytes"), ["0", "512 MiB", "1 GiB"]);
  assert.deepEqual(texts(0, "rate"), ["0", "0.5 B/s", "1 B/s"]);
  assert.deepEqual(texts(12, "count"), ["0", "5", "10", "15"]);
});

test("times count from the first sample", () => {
  const texts = (span) => scale.timeTicks(span).map((tick) => tick.text);
  assert.deepEqual(texts(3), ["0", "1 s", "2 s", "3 s"]);
  assert.deepEqual(texts(240), ["0", "1 m", "2 m", "3 m", "4 m"]);
  assert.deepEqual(texts(5 * 3600), ["0", "1 h", "2 h", "3 h", "4 h", "5 h"]);
  assert.equal(scale.timeTicks(40 * 86400).length, 6);
});

test("a line is drawn through its points, an area down to its foot", () => {
  const points = [
    [0, 5],
    [10, 2.25],
  ];
  assert.equal(scale.linePath(points), "M0 5L10 2.3");
  assert.equal(scale.linePath(points, 9), "M0 5L10 2.3L10 9L0 9Z");
  assert.equal(scale.linePath([]), "");
});

test("the nearest sample is found between two, and beyond the ends", () => {
  const found = [90, 101.4, 101.6, 200].map((time) => scale.nearest(USED.at, time));
  assert.deepEqual(found, [0, 1, 2, 4]);
});

test("stretches in which a run was frozen are told apart", () => {
  assert.deepEqual(resources.pauses([0, 1, 1, 0, 1]), [
    [1, 2],
    [4, 4],
  ]);
});

test("a chart says in words what it shows", () => {
  const [cpu, , storage] = resources.charts(USED);
  assert.equal(
    resources.described(cpu, USED.at),
    "CPU over 4.0 s. CPU, % of one core: last 100 %, mean 50 %, greatest 150 %.",
  );
  assert.match(resources.described(storage, USED.at), /written: .* greatest 2 KiB\/s/);
});

test("a run that was never measured shows nothing", () => {
  assert.equal(resources.isMeasured({}), false);
  assert.equal(resources.isMeasured({ ...USED, at: [], totals: {} }), false);
  assert.equal(resources.isMeasured({ ...USED, at: [] }), true);
  assert.deepEqual(resources.charts({ ...USED, at: [1] }), []);
});
