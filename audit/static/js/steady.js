// Keeps what is in hand where it is: a tap must land where it was aimed, whatever appears above it.

let held = null;

export function startSteady() {
  for (const sort of ["pointerdown", "focusin"]) {
    window.addEventListener(sort, ({ target }) => (held = target), { capture: true, passive: true });
  }
}

// Makes a change to the page and scrolls by as much as that moved what was touched last.
export function steadily(change) {
  const before = place();
  change();
  const moved = before === null ? 0 : held.getBoundingClientRect().top - before;
  if (moved) window.scrollBy({ top: moved, behavior: "instant" });
}

// Where it stands in the window; null where nothing is held or it cannot be seen.
function place() {
  if (!(held instanceof Element) || !held.isConnected || held.checkVisibility?.() === false) return null;
  const { top, bottom } = held.getBoundingClientRect();
  return bottom > 0 && top < window.innerHeight ? top : null;
}
