// The service worker as pages see it: registered, and replaced only when someone says so.

import { registerKeeper } from "./workers.js";

const heeding = new Set();
let waiting = null;

// Calls `heed(change)` when a new version is ready; `change()` switches to it and reloads.
export function heedKeeper(heed) {
  heeding.add(heed);
  if (waiting) heed(change);
}

function change() {
  waiting.postMessage({ act: "switch" });
}

export async function startKeeper() {
  const registration = await registerKeeper();
  const ready = (worker) => {
    waiting = worker;
    for (const heed of heeding) heed(change);
  };
  if (registration.waiting && navigator.serviceWorker.controller) ready(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const { installing } = registration;
    installing.addEventListener("statechange", () => {
      if (installing.state === "installed" && navigator.serviceWorker.controller) ready(installing);
    });
  });
  const controlled = Boolean(navigator.serviceWorker.controller);
  let reloading = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker takes over a page that fits it already.
    if (!controlled || reloading) return;
    reloading = true;
    location.reload();
  });
}
