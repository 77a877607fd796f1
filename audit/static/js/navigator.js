// Where one is in the audit: one section at a time, how far each is, and what is next.
//
// The address holds it behind "#": the audit's id, a stroke, and the section's number or "check".

import { firstControl } from "./entries.js";
import { counted } from "./pieces.js";
import { progress } from "./progress.js";

const CHECK = "check";
const TO_NAME = "to name";

export function startNavigator(visit, { form, closing }) {
  const sections = [...form.querySelectorAll("[data-section]")];
  const select = document.querySelector("#sections");
  const steps = [...document.querySelectorAll(".steps button")];
  const next = document.querySelector("#next-open");
  let here = "";
  let last = "";
  let way = [];
  let lacks = [];

  const placeInAddress = () => location.hash.split("/")[1] ?? "";
  const titleOf = (section) => section.querySelector("h1").textContent;

  // Shows section `number`, or the end; the browser's way back leads to where one was.
  async function show(number, focused = true) {
    const before = here;
    here = number === CHECK ? CHECK : (way.find((stop) => stop.number === number) ?? firstOpen()).number;
    const address = `#${visit.audit}/${here}`;
    if (location.hash !== address) history[before ? "pushState" : "replaceState"](null, "", address);
    // A tap beside a button leaves a caret in the text; once that is hidden, the browser would look
    // through the whole page at each frame for where to show it.
    if (here !== before) getSelection().removeAllRanges();
    for (const section of sections) section.hidden = section.dataset.section !== here;
    form.hidden = here === CHECK;
    if (here === CHECK) await closing.show();
    else closing.hide();
    point();
    if (here === before || !focused) return;
    window.scrollTo(0, 0);
    if (here !== CHECK) form.querySelector(`[data-section="${here}"] h1`).focus({ preventScroll: true });
  }

  function firstOpen() {
    return way.find(({ done }) => !done) ?? way[0];
  }

  function point() {
    select.value = here;
    for (const step of steps) {
      if (step.value === here) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    }
    const place = way.findIndex(({ number }) => number === here);
    const section = sections.find(({ dataset }) => dataset.section === here);
    if (section) {
      label(section, "before", way[place - 1]);
      label(section, "after", way[place + 1] ?? { number: CHECK, title: "Check and finish" });
    }
    const words = visit.closed ? "To the signatures" : lacks.length ? "Next open" : "Check and finish";
    next.querySelector("[data-words]").textContent = words;
    next.hidden = here === CHECK && (visit.closed || !lacks.length);
  }

  function label(section, act, stop) {
    const button = section.querySelector(`[data-act=${act}]`);
    button.hidden = !stop;
    if (!stop) return;
    button.value = stop.number;
    button.querySelector("[data-words]").textContent = stop.title;
  }

  // Counts anew what is asked and answered, section by section.
  function count(every, missing) {
    lacks = missing;
    const open = new Set(missing.map(({ key }) => key));
    way = sections.map((section) => stopOf(section, every, open)).filter(Boolean);
    for (const step of steps) showStep(step);
    for (const option of select.options) showOption(option);
    const { total, answered } = progress(every, visit.given);
    counted(document.querySelector("[data-progress]"), answered, total, "answered");
    const bar = document.querySelector(".visit progress");
    bar.max = total || 1;
    bar.value = answered;
    if (here) point();
  }

  function stopOf(section, every, lacking) {
    const number = section.dataset.section;
    const mine = every.filter((one) => one.section.number === number);
    const unnamed = lacks.some(({ group }) => group && section.querySelector(`[data-naming=${group}]`));
    const { total, answered } = progress(mine, visit.given);
    if (!total && !unnamed) return null;
    const open = mine.some(({ key, item }) => item.answerable && lacking.has(key));
    const line = section.querySelector("[data-answered]");
    line.hidden = total === 0;
    counted(line, answered, total, "answered here");
    const done = !unnamed && !open && answered === total;
    return { number, title: titleOf(section), answered, total, done };
  }

  function showStep(step) {
    if (step.value === CHECK) return;
    const stop = way.find(({ number }) => number === step.value);
    step.parentElement.hidden = !stop;
    if (!stop) return;
    const count = step.querySelector(".count");
    if (stop.total) counted(count, stop.answered, stop.total, "");
    else count.textContent = TO_NAME;
    step.classList.toggle("done", stop.done);
  }

  function showOption(option) {
    if (option.value === CHECK) return;
    const stop = way.find(({ number }) => number === option.value);
    option.hidden = option.disabled = !stop;
    if (!stop) return;
    const progress = stop.total ? `${stop.answered} of ${stop.total}` : TO_NAME;
    const words = stop.done ? "done" : progress;
    option.textContent = `${stop.number} ${stop.title} (${words})`;
  }

  // Goes to what is missing next, from the item one is at onwards, then from the top.
  function goOn() {
    if (visit.closed || !lacks.length) return show(CHECK);
    const order = visit.asked().map(({ key }) => key);
    const at = sectionOf(last) === here ? order.indexOf(last) : -1;
    const start = at >= 0 ? at : order.findIndex((key) => sectionOf(key) === here) - 1;
    const later = lacks.find((lack) => lack.group ? false : order.indexOf(lack.key) > start);
    return goTo(later ?? lacks[0]);
  }

  function sectionOf(key) {
    return document.getElementById(key)?.closest("[data-section]")?.dataset.section ?? "";
  }

  async function goTo({ key, group } = {}) {
    const element = key ? document.getElementById(key) : form.querySelector(`[data-naming="${group}"]`);
    const number = element?.closest("[data-section]").dataset.section;
    await show(number ?? firstOpen().number, !element);
    if (!element) return;
    if (group) element.open = true;
    element.scrollIntoView({ block: "start" });
    const control = group ? element.querySelector("input") : firstControl(element);
    control?.focus({ preventScroll: true });
  }

  form.addEventListener("focusin", ({ target }) => {
    last = target.closest("[data-asked]")?.id ?? last;
  });
  select.addEventListener("change", () => show(select.value));
  next.addEventListener("click", goOn);
  document.addEventListener("click", (event) => {
    const step = event.target.closest(".steps button, [name=go], [data-act=before], [data-act=after]");
    if (!step) return;
    event.preventDefault();
    show(step.value);
  });
  window.addEventListener("hashchange", () => {
    if (location.hash.startsWith(`#${visit.audit}`)) show(placeInAddress());
  });

  visit.goTo = goTo;
  return { count, show, open: () => show(placeInAddress(), false) };
}
