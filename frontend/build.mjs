// Builds the browser parts:
// - every control, controls/<name>.ts (+ <name>.css, <name>/*.css) -> ../opsdash_widgets/ui/static;
//   a control's stylesheet is shared/tokens.css, shared/base.css and its own, in one file;
// - the standalone page, page/page.ts and its style -> ../opsdash_widgets/server/static;
// - the JupyterLab extension, labextension/src -> labextension/lib, from which Jupyter's
//   own builder makes what JupyterLab loads -> ../opsdash_widgets/labextension.
import { execFileSync } from "node:child_process";
import { context } from "esbuild";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const controls = join(root, "controls");
const page = join(root, "page");
const labextension = join(root, "labextension");
const controlsOut = join(root, "..", "opsdash_widgets", "ui", "static");
const pageOut = join(root, "..", "opsdash_widgets", "server", "static");
const watch = process.argv.includes("--watch");
const names = readdirSync(controls)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.slice(0, -3));

function writeControlStyles() {
  const shared = ["tokens.css", "base.css"].map((file) =>
    readFileSync(join(controls, "shared", file), "utf8"),
  );
  for (const name of names) {
    const own = [join(controls, `${name}.css`), ...stylesIn(join(controls, name))];
    const texts = own.filter(existsSync).map((file) => readFileSync(file, "utf8"));
    writeFileSync(join(controlsOut, `${name}.css`), [...shared, ...texts].join("\n"));
  }
}

function stylesIn(folder) {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".css"));
  return files.sort().map((file) => join(folder, file));
}

function copyPageFiles() {
  for (const file of ["page.css", "icon.svg"]) {
    copyFileSync(join(page, file), join(pageOut, file));
  }
}

function buildLabextension() {
  const modules = join(root, "node_modules");
  const builder = join(modules, "@jupyter/builder/lib/build-labextension.js");
  const core = join(modules, "@jupyterlab/core-meta/core.package.json");
  const output = execFileSync(
    process.execPath,
    [builder, "--core-package-file", core, labextension],
    { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
  );
  if (/\berror\b/i.test(output)) throw new Error(output);
}

function afterwards(work) {
  return [{ name: "afterwards", setup: (build) => void build.onEnd(work) }];
}

const shared = {
  bundle: true,
  minify: !watch,
  legalComments: "none",
  logLevel: "warning",
};
const builds = [
  {
    ...shared,
    entryPoints: names.map((name) => join(controls, `${name}.ts`)),
    outdir: controlsOut,
    format: "esm",
    target: "es2022",
    plugins: afterwards(writeControlStyles),
  },
  {
    ...shared,
    entryPoints: [join(page, "page.ts")],
    outdir: pageOut,
    format: "iife",
    target: "es2022",
    plugins: afterwards(copyPageFiles),
  },
  {
    ...shared,
    minify: false, // the builder does
    entryPoints: [join(labextension, "src", "index.ts")],
    outdir: join(labextension, "lib"),
    format: "esm",
    target: "es2022",
    external: ["@jupyterlab/*", "@jupyter-widgets/*", "@lumino/*"],
    plugins: afterwards(buildLabextension),
  },
];

for (const options of builds) {
  mkdirSync(options.outdir, { recursive: true });
  const build = await context(options);
  if (watch) {
    await build.watch();
  } else {
    await build.rebuild();
    await build.dispose();
  }
}
