// The service worker as pages see it: registered, and replaced only when someone says so.

import { insistRoom } from "./room.js";
import { NotSaved } from "./settling.js";
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

// Returns the addresses of the pages that open here without a network.
export async function keptPages() {
  const names = (await caches.keys()).filter((name) => name.startsWith("pages-"));
  const found = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return new Set(found.flat().map(({ url }) => new URL(url).pathname));
}

// Has the worker keep `pages` in this order; resolves with whether all of them are kept now. Throws
// NotSaved where the disk is full: the caches might stop answering altogether then.
export async function keepPages(pages) {
  await insistRoom().catch((error) => {
    throw new NotSaved(error);
  });
  const registration = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answered = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  registration.active.postMessage({ act: "keep", pages }, [port2]);
  return answered;
}
