// What the form holds: its state, words for values, marks for what cannot be seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const check = await load("argparse_form/check.ts");
const dates = await load("argparse_form/dates.ts");
const meaning = await load("argparse_form/meaning.ts");
const state = await load("argparse_form/state.ts");
const sync = await load("argparse_form/values_sync.ts");
const visible = await load("argparse_form/visible.ts");
const words = await load("argparse_form/words.ts");

const option = (id, more = {}) => ({
  id,
  dest: id.replace(/^-+/, ""),
  option_strings: [id],
  ...more,
});
const parser = {
  arguments: [option("--a"), option("--b"), option("--c")],
  exclusive_groups: [{ arguments: ["--a", "--b"] }],
};
const form = () => new state.FormState(() => undefined);

test("setting one of an exclusive group clears the others, taking it back does not", () => {
  const one = form();
  one.set([], "--a", "1", parser);
  one.set([], "--c", "3", parser);
  one.set([], "--b", "2", parser);
  assert.deepEqual(one.root.values, { "--b": "2", "--c": "3" });
  one.set([], "--a", undefined, parser);
  assert.equal(one.get([], "--b"), "2");
  assert.equal(one.count(), 2);
});

test("a command that is left and chosen again has its values still", () => {
  const one = form();
  one.choose([], "fit");
  one.set(["fit"], "--level", "1");
  one.choose([], "report");
  assert.equal(one.get(["fit"], "--level"), undefined);
  one.choose([], "fit");
  assert.equal(one.get(["fit"], "--level"), "1");
  assert.equal(one.count(), 1);
  one.choose([], "");
  assert.equal(one.root.command, null);
});

test("an id that every object has is an id like any other", () => {
  const one = form();
  assert.equal(one.get([], "constructor"), undefined);
  const named = { arguments: [{ id: "constructor", dest: "x", required: true }] };
  assert.match(check.problems(named, {}).constructor, /is required/);
});

test("values of what a changed parser has no longer are left out, at every depth", () => {
  const fit = { arguments: [option("--level")] };
  const changed = {
    arguments: [option("--c")],
    commands: { commands: [{ name: "fit", parser: fit }] },
  };
  const given = {
    values: { "--a": "1", "--c": "3" },
    command: { name: "fit", values: { "--level": "1", "--old": "2" } },
  };
  assert.deepEqual(state.pruned(changed, given), {
    values: { "--c": "3" },
    command: { name: "fit", values: { "--level": "1" }, command: null },
  });
  assert.equal(state.pruned(parser, given).command, null);
});

test("overnight a word stands for another day, also in a list", () => {
  const one = form();
  const list = option("--days", { type_name: "datetime.date.fromisoformat", nargs: "+" });
  one.set([], "--days", ["2025-03-14", "2020-01-01"]);
  one.setTyped("--days", 0, "today");
  let drawn = 0;
  const view = { argument: list, path: [], key: "--days", rebuild: () => drawn++ };
  sync.resolveAgain(one, new Map([["--days", view]]), new Date(2025, 2, 15));
  assert.deepEqual(one.get([], "--days"), ["2025-03-15", "2020-01-01"]);
  assert.equal(drawn, 1);
  sync.resolveAgain(one, new Map([["--days", view]]), new Date(2025, 2, 15));
  assert.equal(drawn, 1);
});

test("values that come from elsewhere draw only the fields that differ", () => {
  const one = form();
  one.root = { values: { "--a": "1", "--c": "3" } };
  const drawn = [];
  const view = (id) => ({
    argument: option(id),
    path: [],
    key: id,
    rebuild: () => drawn.push(id),
  });
  const views = new Map(["--a", "--b", "--c"].map((id) => [id, view(id)]));
  sync.adopt(one, views, { values: { "--b": "2", "--c": "3" } });
  assert.deepEqual(drawn, ["--a", "--b"]);
});

test("what cannot be seen in a field is marked: outer spaces, tabs, direction signs", () => {
  const shown = (text) => visible.revealed(text).map((piece) => piece.text).join("");
  assert.equal(shown("plain text"), "");
  assert.equal(shown(" a b "), "\u00b7a b\u00b7");
  assert.equal(shown("a\tb"), "a\u2192b");
  assert.equal(shown("two\nlines"), "");
  assert.equal(shown("two\nlines\n"), "two\u21b5lines\u21b5");
  assert.equal(shown("evil\u202etxt"), "evilU+202Etxt");
  assert.equal(shown("   "), "\u00b7\u00b7\u00b7");
});

test("a value is copied as the option that gives it, quoted for a shell", () => {
  const copied = (argument, value) => words.asOption(argument, value);
  assert.equal(copied(option("--x"), "a b"), "'--x=a b'");
  assert.equal(copied(option("-x"), "-1"), "-x -1");
  assert.equal(copied(option("--x", { nargs: "+" }), ["a", "b c"]), "--x a 'b c'");
  assert.equal(copied(option("--x", { action: "append" }), ["a", "b"]), "--x=a --x=b");
  const pairs = option("--x", { action: "append", nargs: 2 });
  assert.equal(copied(pairs, [["a", "b"], ["c", ""]]), "--x a b --x c ''");
  assert.equal(copied(option("--x"), { bare: true }), "--x");
  assert.equal(copied(option("--x"), false), "--no-x");
  assert.equal(copied(option("--x", { off_strings: ["--y"] }), false), "--y");
  assert.equal(copied(option("-v"), 3), "-v -v -v");
  assert.equal(copied({ id: "files", dest: "files" }, ["a b"]), "'a b'");
});

test("a recent value is one short line", () => {
  assert.equal(words.valueText(""), '""');
  assert.equal(words.valueText("a\nb"), "a\u21b5b");
  assert.equal(words.valueText([["a", "b"], ["c"]]), "a b | c");
  assert.equal(words.valueText({ bare: true }), "alone");
  assert.equal(words.valueText("x".repeat(99)).length, 48);
});

test("a range is checked as it is meant, open ends and numbers of other spellings too", () => {
  const number = option("--n", { type_name: "float", minimum: 0, maximum: 1 });
  assert.equal(check.checkValue(number, "1e-3"), "");
  assert.match(check.checkValue(number, "-0.1"), /less than the least/);
  assert.match(check.checkValue(number, "1_0"), /more than the most/);
  assert.match(check.checkValue(number, "inf"), /more than the most/);
  const open = { ...number, open_ends: ["minimum"] };
  assert.match(check.checkValue(open, "0"), /not more than 0/);
  assert.equal(meaning.hint(open), "number, more than 0, at most 1");
  const choice = option("--c", {
    type_name: "int",
    choices: [{ value: "1", label: "1" }],
  });
  assert.equal(check.checkValue(choice, "01"), "");
});

test("one of several cells that is still empty is said, an empty text is a value", () => {
  const pair = option("--p", { nargs: 2 });
  assert.match(check.checkValue(pair, ["a", null]), /exactly 2/);
  assert.equal(check.checkValue(pair, ["a", ""]), "");
  const pairs = option("--p", { nargs: 2, action: "append" });
  assert.match(check.checkValue(pairs, [["a", "b"], ["c", null]]), /exactly 2/);
});

test("months end where they end, and business days leave the weekend", () => {
  const day = (year, month, date) => new Date(year, month - 1, date);
  const write = (date) => dates.writeDate(date);
  assert.equal(write(dates.addMonths(day(2024, 3, 31), -1)), "2024-02-29");
  assert.equal(write(dates.addMonths(day(2025, 1, 31), 1)), "2025-02-28");
  assert.equal(write(dates.addBusinessDays(day(2025, 3, 15), 1)), "2025-03-17");
  assert.equal(write(dates.addBusinessDays(day(2025, 3, 16), -1)), "2025-03-14");
  const token = (word) => write(dates.resolveToken(word, day(2025, 2, 10)));
  assert.equal(token("quarter_end"), "2025-03-31");
  assert.equal(token("prev_quarter_end"), "2024-12-31");
  assert.equal(token("prev_year_end"), "2024-12-31");
  assert.equal(token("yesterday"), "2025-02-09");
  assert.equal(dates.resolveToken("constructor", day(2025, 2, 10)), null);
});

test("a date is read in its module's format, and refused where there is none such", () => {
  const read = (text, format) => dates.readDate(text, format);
  assert.equal(dates.writeDate(read("31/03/2025", "DD/MM/YYYY")), "2025-03-31");
  assert.equal(read("31/02/2025", "DD/MM/YYYY"), null);
  assert.equal(dates.writeDate(read("0099-01-02")), "0099-01-02");
  const strict = option("--d", { type_name: "datetime.date.fromisoformat" });
  assert.equal(check.checkValue(strict, "2025-W13-1"), "");
  assert.match(check.checkValue(strict, "soon"), /not a date/);
  const free = option("--date", { type_name: "their.own.date_parser" });
  assert.equal(check.checkValue(free, "now-1d"), "");
});

test("a module's own action may be repeated, a positional may not", () => {
  const custom = { action: "custom", nargs: null };
  assert.equal(meaning.shapeOf(option("--set", custom)), "repeatable");
  assert.equal(meaning.shapeOf({ id: "x", dest: "x", ...custom }), "single");
  assert.equal(meaning.shapeOf(option("--set", { action: "custom", nargs: 0 })), "flag");
});
