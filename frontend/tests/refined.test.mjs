// What a module says of its form over what its parser says; names and sizes of paths.
import assert from "node:assert/strict";
import { test } from "node:test";
import { load } from "./bundle.mjs";

const { refinedSpec, refined } = await load("argparse_form/refined.ts");
const folders = await load("argparse_form/folders.ts");
const paths = await load("argparse_form/paths.ts");

const option = (id, more = {}) => ({ id, dest: id.slice(2), option_strings: [id], ...more });
const A = { value: "a", label: "Alpha" };

test("without a word of its module an argument stays as it is", () => {
  const one = option("--x", { help: "said" });
  assert.equal(refined(one), one);
});

test("a module's help and the narrower bounds are shown", () => {
  const form = { help: "own", minimum: 2, maximum: 50 };
  const shown = refined(option("--x", { help: "parser's", minimum: 5, maximum: 90, form }));
  assert.deepEqual([shown.help, shown.minimum, shown.maximum], ["own", 5, 50]);
});

test("strict choices bind and others are offered", () => {
  assert.deepEqual(refined(option("--x", { form: { choices: [A], strict: true } })).choices, [A]);
  const offered = refined(option("--x", { form: { choices: [A] } }));
  assert.deepEqual([offered.choices, offered.suggestions], [null, [A]]);
  const own = option("--x", { choices: [{ value: "a", label: "a" }], form: { choices: [A] } });
  assert.deepEqual(refined(own).choices, [A]);
});

test("the module's groups come first and its order holds everywhere", () => {
  const parser = {
    arguments: ["--a", "--b", "--c"].map((id) => option(id)),
    groups: [{ title: "options", arguments: ["--a", "--b", "--c"] }],
    form: { groups: [{ title: "Mine", arguments: ["--b"] }], order: ["--c"] },
  };
  const inner = { commands: [{ name: "x", parser }] };
  const spec = refinedSpec({ module: "m", kind: "argparse", parser: { commands: inner } });
  const shown = spec.parser.commands.commands[0].parser;
  assert.deepEqual(
    shown.groups.map((group) => [group.title, group.arguments]),
    [
      ["Mine", ["--b"]],
      ["options", ["--c", "--a", "--b"]],
    ],
  );
  assert.deepEqual(
    shown.arguments.map((one) => one.id),
    ["--c", "--a", "--b"],
  );
});

test("a new name is joined to its folder and never begins like an option", () => {
  assert.equal(folders.joined(".", "x.csv"), "x.csv");
  assert.equal(folders.joined(".", "-x"), "./-x");
  assert.equal(folders.joined("data", "-x"), "data/-x");
  assert.equal(folders.joined("/", "x"), "/x");
});

test("the way to a folder names every step below its root", () => {
  assert.deepEqual(folders.crumbs("/p", "/p/a/b"), [
    { name: "a", path: "/p/a" },
    { name: "b", path: "/p/a/b" },
  ]);
  assert.deepEqual(folders.crumbs("/", "/a"), [{ name: "a", path: "/a" }]);
  assert.deepEqual(folders.crumbs("/p", "/p"), []);
});

test("sizes are short", () => {
  const texts = [0, 999, 1500, 12_345, 3_400_000].map(folders.sizeText);
  assert.deepEqual(texts, ["0 B", "999 B", "1.5 kB", "12 kB", "3.4 MB"]);
});

test("what path an argument takes is told by its type, its module, or its name", () => {
  const kind = (id, more) => paths.kindOf(option(id, more));
  assert.equal(kind("--x", { path: "folder" }), "folder");
  assert.equal(kind("--out-dir", { path: "any" }), "folder");
  assert.equal(kind("--out-dir", { form: { meaning: "file" } }), "file");
  assert.equal(kind("--x", { metavar: "FILE" }), "file");
  assert.equal(kind("--x", {}), "any");
});
