// The bar above the log: search, the stream filter, what the lines show, and the file.
import { h, icon } from "../shared/dom.ts";
import type { Space } from "./protocol.ts";

/** What a line shows; remembered in this browser. */
export interface Options {
  wrap: boolean;
  numbers: boolean;
  times: boolean;
}

export interface Events {
  options(options: Options): void;
  space(space: Space): void;
  jump(line: number): void;
  copy(): void;
  download(): void;
}

const STORED = "opsdash.log";
const SPACES: [Space, string][] = [
  ["all", "All"],
  ["out", "stdout"],
  ["err", "stderr"],
];
const NARROW = 600; // px; below it lines are wrapped unless someone chose otherwise

export class Toolbar {
  readonly element: HTMLElement;
  readonly options: Options;
  private readonly jump: HTMLInputElement;

  constructor(
    search: HTMLElement,
    shortened: HTMLElement,
    private readonly events: Events,
  ) {
    this.options = stored();
    this.jump = this.jumpField();
    this.element = h(
      "div",
      { class: "ops-log-bar" },
      search,
      this.filter(),
      shortened,
      h(
        "div",
        { class: "ops-log-tools" },
        this.jump,
        this.option("wrap", "Wrap long lines (w)", icon("wrap")),
        this.option("numbers", "Line numbers", "#"),
        this.option("times", "Time of each line (t)", icon("clock")),
        button("copy", "Copy what is selected, else what is on screen", () =>
          events.copy(),
        ),
        button("download", "Download the log, secrets masked", () => events.download()),
      ),
    );
  }

  toggle(name: keyof Options): void {
    this.options[name] = !this.options[name];
    const pressed = String(this.options[name]);
    this.element
      .querySelector(`[data-option=${name}]`)
      ?.setAttribute("aria-pressed", pressed);
    try {
      localStorage.setItem(STORED, JSON.stringify(this.options));
    } catch {
      // A browser that stores nothing: the choice lasts as long as the page.
    }
    this.events.options(this.options);
  }

  private option(name: keyof Options, label: string, face: Node | string): HTMLElement {
    return h(
      "button",
      {
        class: "ops-button ops-quiet ops-log-toggle",
        type: "button",
        "data-option": name,
        "aria-pressed": String(this.options[name]),
        "aria-label": label,
        title: label,
        onclick: () => this.toggle(name),
      },
      face,
    );
  }

  private filter(): HTMLElement {
    const choices = SPACES.map(([value, label]) => h("option", { value }, label));
    const select = h(
      "select",
      {
        class: "ops-input ops-log-filter",
        "aria-label": "Stream",
        title: "Which stream is shown",
        onchange: () => this.events.space(select.value as Space),
      },
      ...choices,
    );
    return select;
  }

  private jumpField(): HTMLInputElement {
    return h("input", {
      class: "ops-input ops-log-jump",
      type: "text",
      inputmode: "numeric",
      placeholder: "Go to line",
      "aria-label": "Go to line",
      onkeydown: (event) => {
        const line = Number.parseInt(this.jump.value.replace(/\D/g, ""), 10);
        if ((event as KeyboardEvent).key !== "Enter" || Number.isNaN(line)) return;
        event.preventDefault();
        this.events.jump(line);
      },
    });
  }
}

function button(name: string, label: string, act: () => void): HTMLElement {
  return h(
    "button",
    {
      class: "ops-button ops-quiet ops-log-icon",
      type: "button",
      "data-action": name,
      "aria-label": label,
      title: label,
      onclick: act,
    },
    icon(name),
  );
}

function stored(): Options {
  const usual = { wrap: window.innerWidth < NARROW, numbers: true, times: false };
  try {
    const options: unknown = JSON.parse(localStorage.getItem(STORED) ?? "{}");
    return { ...usual, ...(options as Partial<Options>) };
  } catch {
    return usual;
  }
}
