// Builds every control: controls/<name>.ts (+ <name>.css) -> ../opsdash_widgets/ui/static.
// A control's stylesheet is shared/tokens.css, shared/base.css and its own, in one file.
import { context } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(fileURLToPath(import.meta.url));
const controls = join(root, "controls");
const out = join(root, "..", "opsdash_widgets", "ui", "static");
const names = readdirSync(controls)
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  .map((file) => file.slice(0, -3));

const styles = {
  name: "styles",
  setup(build) {
    build.onEnd(() => {
      const shared = ["tokens.css", "base.css"].map((file) =>
        readFileSync(join(controls, "shared", file), "utf8"),
      );
      for (const name of names) {
        const own = join(controls, `${name}.css`);
        const text = existsSync(own) ? [...shared, readFileSync(own, "utf8")] : shared;
        writeFileSync(join(out, `${name}.css`), text.join("\n"));
      }
    });
  },
};

mkdirSync(out, { recursive: true });
const build = await context({
  entryPoints: names.map((name) => join(controls, `${name}.ts`)),
  outdir: out,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: !process.argv.includes("--watch"),
  legalComments: "none",
  plugins: [styles],
  logLevel: "warning",
});
if (process.argv.includes("--watch")) {
  await build.watch();
} else {
  await build.rebuild();
  await build.dispose();
}
