// Path fields: a button that opens the chooser, and a quiet remark on what is not there.
import type { AnyModel } from "@anywidget/types";
import { h, icon } from "../shared/dom";
import { Folders } from "./folders";
import type { Hooks, PathField } from "./hooks";
import { openChooser } from "./path_chooser";
import type { Argument } from "./spec";

type PathKind = "file" | "folder" | "any";

/** What a form's path fields can do, where somebody answers them. */
export function pathHooks(model: AnyModel, signal: AbortSignal | undefined): Hooks {
  if (!model.get("browsable")) return {};
  const folders = new Folders(model, signal);
  const last = new WeakMap<PathField, string>();
  return {
    choosePath: (field) => button(field, folders),
    pathSettled: (field) => {
      const path = field.value();
      if (last.get(field) === path) return;
      last.set(field, path);
      void remark(field, folders, path);
    },
  };
}

async function remark(field: PathField, folders: Folders, path: string): Promise<void> {
  field.remark("");
  const kind = kindOf(field.argument);
  const mustExist = field.argument.must_exist ?? false;
  // A name alone tells what to offer, and is no reason to contradict anybody.
  const isTold = !!field.argument.path || !!field.argument.form?.meaning;
  if (!path || !(mustExist || (isTold && kind !== "any"))) return;
  const question = { path, path_kind: kind, must_exist: mustExist };
  const answer = await folders.check(question);
  if (field.value() === path) field.remark(answer.text ?? "");
}

function button(field: PathField, folders: Folders): HTMLElement {
  const kind = kindOf(field.argument);
  const word = kind === "any" ? "file or folder" : kind;
  const made = h(
    "button",
    {
      class: "ops-button ops-quiet ops-icon-button ops-inside",
      type: "button",
      title: `Choose a ${word}`,
      "aria-label": `Choose a ${word} for ${field.name}`,
      "aria-haspopup": "dialog",
      onclick: () =>
        openChooser(made, folders, {
          name: field.name,
          kind,
          mustExist: field.argument.must_exist ?? false,
          value: field.value() || defaultPath(field.argument),
          choose: field.fill,
        }),
    },
    icon("folder"),
  );
  return made;
}

/** Where an empty field begins to look: at what it stands for. */
function defaultPath({ default: path }: Argument): string {
  return typeof path === "string" && path !== "-" ? path : "";
}

const FOLDER_NAME = /(^|[-_ ])(dir|directory|folder)$/i;
const FILE_NAME = /(^|[-_ ])(file|filename|csv|json|yaml|toml|parquet)$/i;

/** What kind of path an argument takes, by its type, its module's word, or its name. */
export function kindOf(argument: Argument): PathKind {
  const meant = argument.form?.meaning;
  if (meant === "file" || meant === "folder") return meant;
  if (argument.path === "file" || argument.path === "folder") return argument.path;
  const names = [argument.dest, ...[argument.metavar ?? ""].flat()];
  if (names.some((name) => FOLDER_NAME.test(name))) return "folder";
  return names.some((name) => FILE_NAME.test(name)) ? "file" : "any";
}
