// Moving a row among its siblings with the pointer.

/** Let a handle drag its row; `drop` hears the place where it was let go. */
export function draggable(
  grip: HTMLElement,
  row: HTMLElement,
  rows: HTMLElement,
  drop: (to: number) => void,
): void {
  grip.style.touchAction = "none";
  grip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    grip.setPointerCapture(event.pointerId);
    const from = [...rows.children].indexOf(row);
    let to = from;
    const move = ({ clientY }: PointerEvent): void => {
      to = placeAt(rows, clientY);
      row.classList.add("ops-dragged");
      mark(rows, to === from ? -1 : to, to > from);
    };
    const end = (isDropped: boolean): void => {
      grip.removeEventListener("pointermove", move);
      row.classList.remove("ops-dragged");
      mark(rows, -1, false);
      if (isDropped && to !== from) drop(to);
    };
    grip.addEventListener("pointermove", move);
    grip.onpointerup = () => end(true);
    grip.onpointercancel = () => end(false);
  });
}

function placeAt(rows: HTMLElement, y: number): number {
  const all = [...rows.children].map((one) => one.getBoundingClientRect());
  const found = all.findIndex((box) => y < box.bottom);
  return found < 0 ? all.length - 1 : found;
}

function mark(rows: HTMLElement, at: number, isBelow: boolean): void {
  [...rows.children].forEach((one, place) => {
    one.toggleAttribute("data-drop", place === at);
    one.toggleAttribute("data-drop-below", place === at && isBelow);
  });
}
