// A JSON tree: one row for each node; arrows move, open and close.
import { h, icon } from "../shared/dom";
import type { Json } from "./traits";

export type Path = readonly string[];

const PREVIEW = 40;
/** Characters of a value that its row shows. */

export interface Tree {
  element: HTMLElement;
  draw: (root: Json, title: string) => void;
}

export function jsonTree(
  selected: () => Path,
  select: (path: Path, enter: boolean) => void,
): Tree {
  const element = h("div", {
    class: "ops-preset-tree",
    role: "tree",
    "aria-label": "Parts of the preset",
  });
  const closed = new Set<string>();
  let root: Json = null;
  let title = "";

  const rows = (): HTMLElement[] => [
    ...element.querySelectorAll<HTMLElement>("[role=treeitem]"),
  ];
  const redraw = (focus = false): void => {
    const wanted = key(selected());
    element.replaceChildren(...draw(root, [], title));
    const current = rows().find((row) => row.dataset["path"] === wanted) ?? rows()[0];
    if (current) current.tabIndex = 0;
    if (focus) current?.focus();
  };
  const draw = (node: Json, path: Path, label: string): HTMLElement[] => {
    const inner = childrenOf(node);
    const shut = closed.has(key(path));
    const row = h(
      "div",
      {
        class: "ops-preset-node",
        role: "treeitem",
        tabindex: -1,
        "aria-level": path.length + 1,
        "aria-selected": String(key(path) === key(selected())),
        "aria-expanded": inner.length ? String(!shut) : null,
        "data-path": key(path),
        style: `--ops-depth: ${path.length}`,
        onclick: () => select(path, false),
        onkeydown: (event: Event) => press(event as KeyboardEvent, path, inner.length),
      },
      h(
        "span",
        {
          class: "ops-preset-twist",
          onclick: (event: Event) => {
            if (!inner.length) return;
            event.stopPropagation();
            flip(path);
          },
        },
        inner.length ? icon(shut ? "right" : "down") : null,
      ),
      h("span", { class: "ops-code ops-preset-key" }, label),
      h("span", { class: "ops-code ops-muted ops-preset-value" }, preview(node)),
    );
    if (shut) return [row];
    return [
      row,
      ...inner.flatMap(([name, value]) => draw(value, [...path, name], name)),
    ];
  };
  const flip = (path: Path): void => {
    if (!closed.delete(key(path))) closed.add(key(path));
    redraw(true);
  };
  const press = (event: KeyboardEvent, path: Path, inner: number): void => {
    const all = rows();
    const at = all.findIndex((row) => row.dataset["path"] === key(path));
    const shut = closed.has(key(path));
    const go = (row: HTMLElement | undefined): void => {
      if (!row) return;
      select(parse(row.dataset["path"]), false);
      redraw(true);
    };
    if (event.key === "ArrowDown") go(all[at + 1]);
    else if (event.key === "ArrowUp") go(all[at - 1]);
    else if (event.key === "Home") go(all[0]);
    else if (event.key === "End") go(all[all.length - 1]);
    else if (event.key === "ArrowRight" && inner) {
      if (shut) flip(path);
      else go(all[at + 1]);
    } else if (event.key === "ArrowLeft") {
      if (inner && !shut) flip(path);
      else go(all.find((row) => row.dataset["path"] === key(path.slice(0, -1))));
    } else if (event.key === "Enter" || event.key === " ") select(path, true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return {
    element,
    draw: (node, label) => {
      root = node;
      title = label;
      redraw();
    },
  };
}

/** The node at a path; undefined where the way ends before it. */
export function nodeAt(root: Json, path: Path): Json | undefined {
  let node: Json | undefined = root;
  for (const name of path) {
    if (Array.isArray(node)) node = node[Number(name)];
    else if (node !== null && typeof node === "object") node = node[name];
    else return undefined;
  }
  return node;
}

/** A copy of a tree with another node at a path. */
export function withNode(root: Json, path: Path, value: Json): Json {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  if (Array.isArray(root)) {
    return root.map((one, place) =>
      place === Number(name) ? withNode(one, rest, value) : one,
    );
  }
  const object = root !== null && typeof root === "object" ? root : {};
  return { ...object, [name]: withNode(object[name] ?? null, rest, value) };
}

function childrenOf(node: Json): [string, Json][] {
  if (Array.isArray(node)) return node.map((one, place) => [String(place), one]);
  return node !== null && typeof node === "object" ? Object.entries(node) : [];
}

function preview(node: Json): string {
  const inner = childrenOf(node).length;
  if (Array.isArray(node)) return inner ? `[${inner}]` : "[]";
  if (node !== null && typeof node === "object") return inner ? "" : "{}";
  const text = JSON.stringify(node);
  return text.length > PREVIEW ? `${text.slice(0, PREVIEW - 1)}\u2026` : text;
}

function key(path: Path): string {
  return JSON.stringify(path);
}

function parse(text: string | undefined): Path {
  return text === undefined ? [] : (JSON.parse(text) as string[]);
}
