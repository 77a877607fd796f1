// Offers to take something back, instead of asking beforehand whether it is meant.

const SHOWN_MS = 8000;

// Shows `words` with an Undo button for a while; no clock runs while someone is at it.
export function startUndo(toast) {
  const line = toast.querySelector("[data-words]");
  const button = toast.querySelector("button");
  let timer = 0;
  let takeBack = null;

  const hide = () => {
    clearTimeout(timer);
    toast.hidden = true;
    takeBack = null;
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(hide, SHOWN_MS);
  };

  for (const begin of ["focusin", "pointerenter"]) toast.addEventListener(begin, () => clearTimeout(timer));
  for (const end of ["focusout", "pointerleave"]) toast.addEventListener(end, wait);
  toast.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  button.addEventListener("click", () => {
    const act = takeBack;
    hide();
    act?.();
  });

  return {
    // `press` is the click it follows from: a key press moves on to Undo, since its button may be gone.
    offer(words, act, press) {
      line.textContent = words;
      takeBack = act;
      toast.hidden = false;
      wait();
      if (press?.detail === 0) button.focus();
    },
    hide,
  };
}
