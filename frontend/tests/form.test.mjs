// The form's pure parts: what an argument means, what is wrong with a value, dates.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const meaning = await load("argparse_form/meaning.ts");
const check = await load("argparse_form/check.ts");
const dates = await load("argparse_form/dates.ts");
const order = await load("argparse_form/order.ts");
const shell = await load("argparse_form/shell.ts");
const plain = await load("argparse_form/plain.ts");
const picker = await load("module_picker/filter.ts");

const option = (id, more = {}) => ({
  id,
  dest: id.replace(/^-+/, ""),
  option_strings: [id],
  ...more,
});
const FRIDAY = new Date(2025, 2, 14);
const MONDAY = new Date(2025, 2, 17);

test("an argument's shape follows its action and nargs", () => {
  const shapes = [
    [{ action: "store_true", nargs: 0 }, "flag"],
    [{ action: "boolean_optional", nargs: 0 }, "tristate"],
    [{ action: "count", nargs: 0 }, "count"],
    [{ nargs: "?" }, "optional"],
    [{ nargs: 2 }, "list"],
    [{ action: "append" }, "occurrences"],
    [{ nargs: "..." }, "raw"],
    [{}, "single"],
  ];
  for (const [more, shape] of shapes) {
    assert.equal(meaning.shapeOf(option("--x", more)), shape);
  }
});

test("a date is told by its type, else by its name; an update is no date", () => {
  const item = (id, type_name = "") => meaning.itemOf(option(id, { type_name }));
  assert.equal(item("--expiry"), "date");
  assert.equal(item("--start-date"), "date");
  assert.equal(item("--x", "datetime.date.fromisoformat"), "date");
  assert.equal(item("--update"), "text");
  assert.equal(item("--date-count", "int"), "int");
});

test("numbers are checked as Python reads them", () => {
  const whole = option("--n", { type_name: "int" });
  const number = option("--x", { type_name: "float" });
  for (const text of ["1", "-3", "1_000", " 7 "]) {
    assert.equal(check.checkValue(whole, text), "");
  }
  for (const text of ["1.5", "", "1e3", "0x1"]) {
    assert.notEqual(check.checkValue(whole, text), "");
  }
  for (const text of ["1.5", "-1e3", ".5", "inf", "nan", "1_0.5"]) {
    assert.equal(check.checkValue(number, text), "");
  }
  assert.notEqual(check.checkValue(number, "1,5"), "");
});

test("what is missing is found at every depth, a free positional is not missing", () => {
  const leaf = { arguments: [option("--level", { required: true })] };
  const parser = {
    arguments: [{ id: "files", dest: "files", nargs: "*", required: true }],
    commands: { required: true, commands: [{ name: "var", parser: leaf }] },
  };
  assert.deepEqual(Object.keys(check.problems(parser, {})), ["command"]);
  const chosen = { command: { name: "var", values: {} } };
  assert.deepEqual(Object.keys(check.problems(parser, chosen)), ["var --level"]);
});

test("a required exclusive group wants one of its members", () => {
  const parser = {
    arguments: [option("--a"), option("--b")],
    exclusive_groups: [{ arguments: ["--a", "--b"], required: true }],
  };
  assert.match(check.problems(parser, {})["--a"], /^One of a, b is required/);
  assert.deepEqual(check.problems(parser, { values: { "--b": "1" } }), {});
});

test("words become days: business days skip the weekend", () => {
  const day = (word, today) => dates.writeDate(dates.resolveToken(word, today));
  assert.equal(day("t-1", MONDAY), "2025-03-14");
  assert.equal(day("T-5", FRIDAY), "2025-03-07");
  assert.equal(day("t+1", FRIDAY), "2025-03-17");
  assert.equal(day("month_end", FRIDAY), "2025-03-31");
  assert.equal(day("prev_month_end", FRIDAY), "2025-02-28");
  assert.equal(dates.resolveToken("latest", FRIDAY), null);
});

test("a day that is not in the calendar is no date", () => {
  assert.ok(dates.looksLikeDate("2024-02-29"));
  assert.ok(dates.looksLikeDate("20250331"));
  assert.ok(!dates.looksLikeDate("2025-02-29"));
  assert.ok(!dates.looksLikeDate("2025-13-01"));
});

test("a day that is not in the calendar is refused whatever the module makes of it", () => {
  const text = option("--start-date");
  assert.match(check.checkValue(text, "2024-13-99"), /no day `2024-13-99`/);
  assert.equal(check.checkValue(text, "2024-02-29"), "");
  assert.equal(check.checkValue(text, "latest"), "");
  assert.deepEqual(Object.keys(plain.tokenProblems({ COB_DATE: "2024-02-30" })), [
    "COB_DATE",
  ]);
  assert.deepEqual(plain.tokenProblems({ COB_DATE: "2024-02-29" }), {});
});

test("an end that is before its start is noticed, whatever the two are called", () => {
  const names = ["--start-date", "--end-date", "--from", "--until", "--endpoint", "--to"];
  const ids = new Set(names);
  assert.equal(order.startOf("--end-date", ids), "--start-date");
  assert.equal(order.startOf("--until", ids), "--from");
  assert.equal(order.startOf("--endpoint", ids), undefined);
  assert.equal(order.startOf("--start-date", ids), undefined);
  assert.ok(order.wrongWayRound("2024-03-01", "2023-12-31"));
  assert.ok(order.wrongWayRound("20240301", "2024-02-29"));
  assert.ok(!order.wrongWayRound("2024-03-01", "2024-03-01"));
  assert.ok(!order.wrongWayRound("2024-03-01", "1000"));
  assert.ok(!order.wrongWayRound(undefined, "2024-03-01"));
});

test("a range that is known is said beside the field", () => {
  const hint = (more) => meaning.hint(option("--n", { type_name: "int", ...more }));
  assert.equal(hint({ minimum: 1, maximum: 10 }), "whole number, 1 to 10");
  assert.equal(hint({ minimum: 0 }), "whole number, at least 0");
  assert.equal(hint({ maximum: 5 }), "whole number, at most 5");
});

test("a module that names a format gets its words that way", () => {
  const format = (more) => dates.formatOf(option("--day", more));
  const loaded = format({ help: "Day to load, YYYYMMDD" });
  assert.equal(dates.resolveDate("month_end", FRIDAY, loaded), "20250331");
  assert.equal(dates.resolveDate("latest", FRIDAY, loaded), "latest");
  assert.equal(format({ metavar: "%d/%m/%Y" }), "DD/MM/YYYY");
  assert.equal(dates.resolveDate("today", FRIDAY, "DD/MM/YYYY"), "14/03/2025");
  assert.equal(format({ default: "31.03.2025" }), "DD.MM.YYYY");
  assert.equal(format({ help: "a day" }), "YYYY-MM-DD");
});

test("what is joined for a shell splits into the same words", () => {
  const words = ["", "a b", "it's", 'say "hi"', "back\\slash", "x\ny", "--o=v"];
  assert.deepEqual(shell.splitShell(shell.joinShell(words)), words);
  assert.equal(shell.splitShell("'open"), null);
  assert.deepEqual(shell.splitShell("a\\ b c"), ["a b", "c"]);
});

test("modules are found by words of name and title, in their packages' order", () => {
  const rows = [
    { name: "b.price", package: "b", title: "Monte Carlo", kind: "argparse" },
    { name: "a.load", package: "a", title: "Load prices", kind: "plain" },
  ];
  assert.ok(picker.matches(rows[0], "carlo PRICE"));
  assert.ok(!picker.matches(rows[1], "carlo"));
  const groups = picker.tree(rows, ["a", "b"]);
  assert.deepEqual(
    groups.map((group) => group.name),
    ["a", "b"],
  );
  assert.equal(picker.shortName(rows[0]), "price");
});

test("modules of a package stand in the order in which a person counts", () => {
  const rows = ["a.desk_10", "a.desk_2", "a.book"].map((name) => ({
    name,
    package: "a",
    title: "",
    kind: "plain",
  }));
  assert.deepEqual(
    picker.tree(rows, ["a"])[0].rows.map(picker.shortName),
    ["book", "desk_2", "desk_10"],
  );
});
