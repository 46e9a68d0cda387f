// What cannot be seen in a text field: outer spaces, tabs, control and direction signs.
// Pure.

/** A piece of a text; a mark stands for a sign that has no shape of its own. */
export interface Piece {
  text: string;
  /** What the mark stands for; empty for plain text. */
  mark: string;
}

const NAMED: Record<string, readonly [shown: string, said: string]> = {
  " ": ["\u00b7", "space"],
  "\t": ["\u2192", "tab"],
  "\n": ["\u21b5", "new line"],
  "\u00a0": ["\u237d", "no-break space"],
};
/** Controls, soft hyphen, zero-width and direction signs, byte order mark. */
const SHAPELESS =
  /[\u0000-\u001f\u007f-\u00a0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/; // eslint-disable-line no-control-regex -- these are what is looked for

/** The text with marks for what is unseen; empty where all of it can be seen. */
export function revealed(text: string): Piece[] {
  const inner = text.replace(/\n/g, "");
  if (text.trim() === text && !SHAPELESS.test(inner)) return [];
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  const pieces: Piece[] = [];
  for (let at = 0; at < text.length; at++) {
    const sign = text.charAt(at);
    const isOuter = at < start || at >= end;
    const isUnseen = (isOuter && sign === " ") || SHAPELESS.test(sign);
    if (isUnseen) pieces.push(markOf(sign));
    else add(pieces, sign);
  }
  return pieces;
}

function markOf(sign: string): Piece {
  const code = `U+${sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  const [text, mark] = NAMED[sign] ?? [code, code];
  return { text, mark };
}

function add(pieces: Piece[], sign: string): void {
  const last = pieces.at(-1);
  if (last && last.mark === "") last.text += sign;
  else pieces.push({ text: sign, mark: "" });
}
