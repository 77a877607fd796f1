// Starting an audit on the tablet, from the sites and checklists taken along.

import { keepPages } from "./keeper.js";
import { startAudit } from "./outbox.js";

// Fills the form with `sites`, and lets it start an audit in `store`.
export function startBeginning(form, store, sites) {
  const { site, page, kind } = form.elements;
  form.hidden = sites.length === 0;
  site.replaceChildren(...sites.map(({ id, name, address }) => option(id, [name, address].filter(Boolean).join(", "))));
  const showPages = () => {
    const pages = chosenSite()?.pages ?? [];
    const before = page.value;
    page.replaceChildren(...grouped(pages));
    if (pages.some((one) => one.page === before)) page.value = before;
  };
  const chosenSite = () => sites.find(({ id }) => id === site.value);
  showPages();
  site.onchange = showPages;
  form.onsubmit = async (event) => {
    event.preventDefault();
    const chosen = chosenSite();
    const wanted = chosen?.pages.find((one) => one.page === page.value);
    complain(form, "site", chosen ? "" : "Choose a site.");
    complain(form, "page", wanted ? "" : "Choose what to look at.");
    if (!chosen || !wanted) return;
    complain(form, "all", "");
    try {
      if (!(await keepPages([wanted.page]))) {
        complain(form, "page", "This checklist is not on the tablet yet. Connect it once, then start.");
        return;
      }
      const audit = await startAudit(store, planFor(chosen, wanted, form.elements, kind.value));
      navigator.storage?.persist?.();
      location.assign(`${wanted.page}#${audit.id}`);
    } catch (error) {
      complain(form, "all", `NOT STARTED. ${error.message}`);
    }
  };
}

function planFor(site, page, elements, kind) {
  const present = elements.present.value.split(",").map((name) => name.trim()).filter(Boolean);
  return { site, page, kind, person_in_charge: elements.person_in_charge.value.trim(), present };
}

function grouped(pages) {
  const whole = pages.filter((one) => one.kind === "programme");
  const topics = pages.filter((one) => one.kind !== "programme");
  const found = whole.map((one) => option(one.page, one.title));
  if (!topics.length) return found;
  const group = document.createElement("optgroup");
  group.label = "Only one topic";
  group.append(...topics.map((one) => option(one.page, one.title)));
  return [...found, group];
}

function option(value, words) {
  const made = document.createElement("option");
  made.value = value;
  made.textContent = words;
  return made;
}

function complain(form, name, words) {
  const line = form.querySelector(`[data-error=${name}]`);
  line.textContent = words;
  line.hidden = !words;
}
