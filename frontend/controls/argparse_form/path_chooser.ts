// Chooses a file, a folder or a new name below a few roots, with the mouse or without.
import { h, icon } from "../shared/dom";
import { settle } from "../shared/watch";
import { type Entry, type Folders, type Page, crumbs, joined } from "./folders";
import { PathList } from "./path_list";

export interface Wanted {
  /** What a person calls the field. */
  name: string;
  kind: "file" | "folder" | "any";
  mustExist: boolean;
  value: string;
  choose: (value: string) => void;
}

const FILTER_MS = 150;
const TITLES = {
  file: "Choose a file",
  folder: "Choose a folder",
  any: "Choose a file or folder",
};
let choosers = 0;

/** Open the chooser over the page; `anchor` gets the focus back. */
export function openChooser(
  anchor: HTMLElement,
  folders: Folders,
  wanted: Wanted,
): void {
  new Chooser(anchor, folders, wanted).open();
}

class Chooser {
  private readonly id = `ops-paths-${++choosers}`;
  private readonly list: PathList;
  private readonly roots = h("select", {
    class: "ops-input",
    "aria-label": "Start at",
  });
  private readonly way = h("nav", { class: "ops-path-way", "aria-label": "Folder" });
  private readonly filter: HTMLInputElement;
  private readonly hidden = h("input", { type: "checkbox" });
  private readonly unseen = h("span", {}, "hidden");
  private readonly notice = h("p", { class: "ops-path-notice", role: "status" });
  private readonly fresh: HTMLInputElement;
  private readonly pick: HTMLButtonElement;
  private readonly dialog: HTMLDialogElement;
  private page: Page | undefined;
  private asked = 0;
  private isLoading = false;

  constructor(
    private readonly anchor: HTMLElement,
    private readonly folders: Folders,
    private readonly wanted: Wanted,
  ) {
    this.list = new PathList({
      id: `${this.id}-list`,
      isWanted: (entry) => this.isWanted(entry),
      act: (entry) => this.act(entry),
      moved: () => this.moved(),
      more: () => void this.more(),
    });
    const later = settle(() => void this.load(this.page?.path ?? ""), FILTER_MS);
    this.filter = h("input", {
      class: "ops-input",
      type: "search",
      placeholder: "Filter, as *.csv",
      autocomplete: "off",
      spellcheck: "false",
      role: "combobox",
      "aria-label": "Filter the names",
      "aria-expanded": "true",
      "aria-controls": `${this.id}-list`,
      oninput: later.later,
    });
    this.fresh = h("input", {
      class: "ops-input",
      id: `${this.id}-fresh`,
      placeholder: "a new name",
      autocomplete: "off",
      spellcheck: "false",
      oninput: () => this.moved(),
    });
    this.pick = h(
      "button",
      { class: "ops-button ops-primary", type: "button", onclick: () => this.finish() },
      "Choose",
    );
    this.roots.onchange = () => void this.load(this.roots.value, true);
    this.hidden.onchange = () => void this.load(this.page?.path ?? "");
    this.dialog = this.build();
  }

  open(): void {
    (this.anchor.closest(".opsdash") ?? document.body).append(this.dialog);
    this.dialog.showModal();
    this.filter.focus();
    void this.load(this.wanted.value, false, true);
  }

  private build(): HTMLDialogElement {
    const title = `${TITLES[this.wanted.kind]} for ${this.wanted.name}`;
    const close = (): void => this.dialog.close();
    const dialog = h(
      "dialog",
      {
        class: "ops-paths",
        "aria-label": title,
        onclose: () => {
          dialog.remove();
          this.anchor.focus();
        },
        onkeydown: (event) => this.pressed(event as KeyboardEvent),
        onclick: (event) => {
          if (event.target === dialog) close();
        },
      },
      h(
        "div",
        { class: "ops-paths-head" },
        h("h3", {}, title),
        h(
          "button",
          {
            class: "ops-button ops-quiet ops-icon-button",
            type: "button",
            "aria-label": "Close",
            onclick: close,
          },
          icon("close"),
        ),
      ),
      h("div", { class: "ops-paths-where" }, this.roots, this.way),
      h(
        "div",
        { class: "ops-paths-filter" },
        h("div", { class: "ops-search-field" }, icon("search"), this.filter),
        h("label", { class: "ops-choice" }, this.hidden, this.unseen),
      ),
      this.list.element,
      this.notice,
      h("div", { class: "ops-paths-foot" }, this.newName(), ...this.buttons(close)),
    );
    return dialog;
  }

  private newName(): HTMLElement | null {
    if (this.wanted.mustExist) return null;
    return h(
      "div",
      { class: "ops-paths-fresh" },
      h("label", { for: this.fresh.id }, "or"),
      this.fresh,
    );
  }

  private buttons(close: () => void): HTMLElement[] {
    const cancel = { class: "ops-button", type: "button", onclick: close };
    return [h("button", cancel, "Cancel"), this.pick];
  }

  /** Show a folder from its beginning. */
  private async load(path: string, isElsewhere = false, first = false): Promise<void> {
    if (isElsewhere) this.filter.value = "";
    const ask = ++this.asked;
    this.list.element.setAttribute("aria-busy", "true");
    const answer = await this.folders.list({ ...this.question(), path, first });
    if (ask !== this.asked) return;
    this.list.element.removeAttribute("aria-busy");
    if (!answer.page) {
      this.say(answer.problem ?? "", true);
      return;
    }
    this.show(answer.page, first);
  }

  private async more(): Promise<void> {
    const { page } = this;
    if (!page || this.isLoading || this.list.count >= page.total) return;
    this.isLoading = true;
    const ask = this.asked;
    const offset = this.list.count;
    const answer = await this.folders.list({
      ...this.question(),
      path: page.path,
      offset,
    });
    this.isLoading = false;
    if (ask === this.asked && answer.page) this.list.add(answer.page.entries);
  }

  private question(): Record<string, unknown> {
    return { text: this.filter.value.trim(), hidden: this.hidden.checked };
  }

  private show(page: Page, first: boolean): void {
    this.page = page;
    this.roots.replaceChildren(
      ...page.roots.map((root) => h("option", { value: root.path }, root.name)),
    );
    this.roots.value = page.root;
    this.roots.title = page.root;
    this.showWay(page);
    this.unseen.textContent = page.unseen ? `hidden (${page.unseen})` : "hidden";
    const known = page.entries.some((entry) => entry.name === page.selected);
    if (first && page.selected && !known) this.fresh.value = page.selected;
    // Where one types, Enter acts on the first that matches.
    const best = this.filter.value ? page.entries[0]?.name : "";
    this.list.show(page.entries, page.selected || (best ?? ""));
    this.say(page.notice || nothing(page, this.filter.value), false);
  }

  private showWay(page: Page): void {
    const steps = crumbs(page.root, page.path).map(({ name, path }, at, all) =>
      at === all.length - 1
        ? h("span", { "aria-current": "true" }, name)
        : this.step(name, path),
    );
    const up = page.parent ? this.step("", page.parent) : null;
    up?.append(icon("up"));
    up?.setAttribute("aria-label", "Up to the folder above");
    up?.setAttribute("title", "Up (Alt+\u2191)");
    const parts = steps.flatMap((step, at) => (at > 0 ? ["/", step] : [step]));
    this.way.replaceChildren(...(up ? [up] : []), ...parts);
    this.way.title = page.path;
  }

  private step(name: string, path: string): HTMLElement {
    return h(
      "button",
      {
        class: "ops-button ops-quiet",
        type: "button",
        onclick: () => {
          void this.load(path, true);
          this.filter.focus();
        },
      },
      name,
    );
  }

  private say(text: string, isWrong: boolean): void {
    this.notice.textContent = text;
    this.notice.classList.toggle("ops-error-text", isWrong);
  }

  private moved(): void {
    this.filter.setAttribute("aria-activedescendant", this.list.activeId());
    const value = this.chosen();
    this.pick.disabled = value === "";
    this.pick.title = value;
    const isHere = this.wanted.kind !== "file" && value === this.page?.value;
    this.pick.textContent = isHere ? "Choose this folder" : "Choose";
    const name = this.fresh.value.trim();
    if (name) this.say(this.remark(name), false);
  }

  private remark(name: string): string {
    if (name.includes("/")) return "A name has no slash: open the folder instead.";
    const known = this.page?.entries.some((entry) => entry.name === name);
    return known ? `${name} is there already.` : "";
  }

  /** What the field would get now; empty where nothing is chosen. */
  private chosen(): string {
    const { page, wanted } = this;
    const name = this.fresh.value.trim();
    if (!page) return "";
    if (name) return name.includes("/") ? "" : joined(page.value, name);
    const { active } = this.list;
    if (active && this.isWanted(active)) return active.value ?? "";
    return wanted.kind === "file" ? "" : page.value;
  }

  private isWanted({ kind, value }: Entry): boolean {
    return !!value && (this.wanted.kind === "any" || this.wanted.kind === kind);
  }

  private act(entry: Entry): void {
    if (entry.kind === "folder" && entry.path) {
      void this.load(entry.path, true);
      this.filter.focus();
    } else if (this.isWanted(entry)) this.finish();
  }

  private finish(): void {
    const value = this.chosen();
    if (!value) return;
    this.dialog.close();
    this.wanted.choose(value);
  }

  private pressed(event: KeyboardEvent): void {
    event.stopPropagation(); // the form and the page have keys of their own
    const { key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) return this.finish();
    if (event.target === this.fresh && key === "Enter") return this.finish();
    if (event.target !== this.filter) return;
    const isUp = key === "ArrowUp" && event.altKey;
    if (isUp || (key === "Backspace" && this.filter.value === "")) {
      if (this.page?.parent) void this.load(this.page.parent, true);
    } else if (key === "Enter") {
      if (this.list.active) this.act(this.list.active);
    } else if (!this.list.pressed(key)) return;
    event.preventDefault();
  }
}

function nothing(page: Page, text: string): string {
  if (page.total > 0) return "";
  return text ? "No name matches." : "This folder is empty.";
}
