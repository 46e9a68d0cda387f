// Files in and out: chosen by the user, or handed to the browser to save.
import { h } from "../shared/dom";

const MOST_BYTES = 4 << 20;
/** As the presets' own limit: what is larger is not even read. */

/** Let the user choose a JSON file; its text, or why it is not read. */
export function chooseFile(
  take: (text: string, name: string) => void,
  refuse: (message: string) => void,
): void {
  const input = h("input", { type: "file", accept: ".json,application/json" });
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (!file) return;
    if (file.size > MOST_BYTES) {
      refuse(
        `${file.name} has ${Math.ceil(file.size / 1e6)} MB; a preset has at most 4.`,
      );
      return;
    }
    file.text().then(
      (text) => take(text, file.name),
      () => refuse(`${file.name} cannot be read.`),
    );
  });
  input.click();
}

/** Hand a text to the browser, which asks where to put it or puts it to the downloads. */
export function saveFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), RELEASED_MS);
}

const RELEASED_MS = 10_000;
