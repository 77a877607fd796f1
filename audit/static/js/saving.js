// Keeps what people enter as they enter it, and remembers what could not be kept.

import { rawOf } from "./entries.js";

const PAUSE_MS = 400;
const TYPED = "textarea, input:not([type=radio], [type=checkbox], [type=file])";

// Watches the inputs of `form`. `heed(key, entered)` is told when a response was kept or failed, and
// whether a person entered it just now.
export function startSaving(visit, form, heed) {
  const timers = new Map();
  const running = new Map();
  const failed = new Map();

  // What stands in the inputs by the time its turn comes.
  function save(element, via) {
    clearTimeout(timers.get(element.id));
    timers.delete(element.id);
    return inTurn(element.id, () => keep(element.id, rawOf(element), via, true));
  }

  // A response that was not entered but chosen: cleared, taken back, settled.
  function put(key, raw, via) {
    return inTurn(key, () => keep(key, raw, via, false));
  }

  // One at a time per response, so that the last one entered is the last one kept.
  async function inTurn(key, act) {
    const mine = (running.get(key) ?? Promise.resolve()).then(act);
    running.set(key, mine);
    const entered = await mine;
    if (running.get(key) === mine) running.delete(key);
    heed(key, entered);
  }

  async function keep(key, raw, via, entered) {
    try {
      await visit.record(key, raw, via);
      failed.delete(key);
      return entered;
    } catch (error) {
      failed.set(key, error.message);
      return false;
    }
  }

  const itemOf = (event) => event.target.closest("[data-asked]");
  // What stands there was said of the response before.
  const unsay = (item) => {
    const state = item.querySelector("[data-state]");
    state.dataset.shape = "";
    state.replaceChildren();
  };
  const saveAll = () => {
    for (const key of new Set([...timers.keys(), ...failed.keys()])) {
      save(document.getElementById(key), "typed");
    }
  };

  form.addEventListener("input", (event) => {
    const item = itemOf(event);
    if (!item || !event.target.name) return;
    unsay(item);
    if (!event.target.matches(TYPED)) return;
    clearTimeout(timers.get(item.id));
    timers.set(item.id, setTimeout(() => save(item, "typed"), PAUSE_MS));
  });
  form.addEventListener("change", (event) => {
    const item = itemOf(event);
    if (item && event.target.name) save(item, event.target.matches(TYPED) ? "typed" : "tap");
  });
  form.addEventListener("focusout", (event) => {
    const item = itemOf(event);
    if (item && timers.has(item.id)) save(item, "typed");
  });
  // The last moments in which a tablet is sure to let this page work.
  document.addEventListener("visibilitychange", saveAll);
  window.addEventListener("pagehide", saveAll);

  return {
    save,
    put,
    failed,
    // Whether something entered is on its way to the disk, so that nothing is said of it yet.
    entering: (key) => timers.has(key) || running.has(key),
    // Whether the inputs hold what is not on the disk yet, so that nothing may replace it.
    pending: (key) => timers.has(key) || running.has(key) || failed.has(key),
  };
}
