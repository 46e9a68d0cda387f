// Nothing moves under a pointer that is down: a message that appears when a field is left
// would push away what is being pressed.

/** Milliseconds from letting go to the click; a tap's mouse events come late. */
const CLICK_MS = 50;
const TAP_MS = 350;

export class Calm {
  private isPressed = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly waiting = new Set<() => void>();

  constructor(signal: AbortSignal | undefined) {
    const options = { capture: true, ...(signal ? { signal } : {}) };
    document.addEventListener("pointerdown", () => this.press(), options);
    for (const name of ["pointerup", "pointercancel"] as const) {
      document.addEventListener(name, (event) => this.release(event), options);
    }
  }

  /** Do it now, or once the pointer has been let go and its click was heard. */
  whenCalm(act: () => void): void {
    if (this.isPressed) this.waiting.add(act);
    else act();
  }

  private press(): void {
    clearTimeout(this.timer);
    this.isPressed = true;
  }

  private release({ pointerType }: PointerEvent): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.isPressed = false;
        const acts = [...this.waiting];
        this.waiting.clear();
        for (const act of acts) act();
      },
      pointerType === "touch" ? TAP_MS : CLICK_MS,
    );
  }
}
