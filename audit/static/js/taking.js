// Taking along what a visit needs: the sites and their checklists, each page kept before the next.

import { takeAlong } from "./exchange.js";
import { keepPages, keptPages } from "./keeper.js";
import { NotSaved } from "./settling.js";

// Fetches what is new, calls `taken` once it is known, and says in `place` how much is here.
export async function takeEverything(store, place, taken) {
  // Without a connection, what was taken along before stands; the status line says why.
  const along = await takeAlong(store).catch(() => store.read("along", "along"));
  await taken();
  if (!along) return;
  const wanted = pagesOf(along);
  try {
    for (const page of wanted) {
      say(place, wanted, await keptPages());
      if (!(await keepPages([page]))) break;
    }
    say(place, wanted, await keptPages());
  } catch (error) {
    if (!(error instanceof NotSaved)) throw error;
    place.textContent = error.message;
  }
}

// Audits already begun, then whole audits, then single topics.
function pagesOf({ audits, sites }) {
  const whole = ({ kind }) => kind === "programme";
  const offered = sites.flatMap(({ pages }) => pages);
  const ordered = [...audits, ...offered.filter(whole), ...offered.filter((one) => !whole(one))];
  return [...new Set(ordered.map(({ page }) => page))];
}

function say(place, wanted, kept) {
  const here = wanted.filter((page) => kept.has(page)).length;
  place.textContent =
    here === wanted.length
      ? "Every checklist for them is on this tablet."
      : `${here} of ${wanted.length} checklists for them are on this tablet.`;
}
