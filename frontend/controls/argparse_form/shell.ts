// Splitting and joining arguments as a POSIX shell does, without expansions. Pure.

/** The words of a line, or null where a quote is not closed. */
export function splitShell(line: string): string[] | null {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const sign = line.charAt(at);
    if (quote === "'" && sign !== "'") word += sign;
    else if (quote && sign === quote) quote = "";
    else if (sign === "\\" && (quote !== '"' || /["\\$`]/.test(line.charAt(at + 1)))) {
      at++;
      if (at >= line.length) return null;
      word = (word ?? "") + line.charAt(at);
    } else if (quote) word += sign;
    else if (sign === "'" || sign === '"') {
      quote = sign;
      word ??= "";
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + sign;
  }
  if (quote) return null;
  if (word !== undefined) words.push(word);
  return words;
}

/** The words as one line that splits into the same words. */
export function joinShell(words: readonly string[]): string {
  return words.map(quote).join(" ");
}

function quote(word: string): string {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replace(/'/g, `'"'"'`)}'`;
}
