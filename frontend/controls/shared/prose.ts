// A sentence in which `names` and `values` stand between backticks, as elements.
import { h } from "./dom";

const QUOTED = /`([^`\n]+)`/g;

/** The sentence as nodes, with what is between backticks set as code. */
export function prose(sentence: string): (Node | string)[] {
  const nodes: (Node | string)[] = [];
  let from = 0;
  for (const found of sentence.matchAll(QUOTED)) {
    nodes.push(sentence.slice(from, found.index));
    nodes.push(h("code", { class: "ops-quoted" }, found[1]));
    from = found.index + found[0].length;
  }
  nodes.push(sentence.slice(from));
  return nodes.filter((node) => node !== "");
}
