// Elements of a drawing, made as `h` makes those of a page.
import { setAttributes, type Attributes } from "./dom";

const SVG = "http://www.w3.org/2000/svg";

/** An element of an SVG. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  setAttributes(element, attributes);
  element.append(...children);
  return element;
}
