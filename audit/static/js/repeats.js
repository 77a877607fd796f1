// Rooms, loads, practitioners: naming them on the tablet, and an item or section for each.

import { addCounters } from "./counter.js";
import { filled } from "./pieces.js";

const ANYONE = "*";
const NAMES = ["id", "name", "for", "aria-describedby", "aria-labelledby", "data-subject"];
const MOST = 60;

// Returns a function that puts a copy of each repeated piece of `form` before its <template>, once
// per subject, in their order; it says whether anything moved.
export function startRepeats(form) {
  const places = [...form.querySelectorAll("template[data-each]")].map((template) => ({
    template,
    copies: new Map(),
    laid: "[]",
  }));
  return (repeats) => places.map((place) => layOut(place, repeats)).some(Boolean);
}

// Moving a piece takes the focus from it, so pieces move only when the subjects did.
function layOut(place, repeats) {
  const { template, copies } = place;
  const subjects = repeats[template.dataset.each] ?? [];
  const wanted = JSON.stringify(subjects);
  if (wanted === place.laid) return false;
  place.laid = wanted;
  for (const nodes of copies.values()) nodes.forEach((node) => node.remove());
  for (const subject of subjects) {
    if (!copies.has(subject.id)) copies.set(subject.id, copyFor(template, subject));
    for (const about of marksOf(copies.get(subject.id))) about.textContent = subject.label;
  }
  template.before(...subjects.flatMap(({ id }) => copies.get(id)));
  return true;
}

function marksOf(nodes) {
  return nodes.flatMap((node) => [...node.querySelectorAll("[data-about]")]);
}

function copyFor(template, subject) {
  const copy = template.content.cloneNode(true);
  for (const element of copy.querySelectorAll("*")) {
    for (const name of NAMES) {
      const text = element.getAttribute(name);
      if (text?.includes(ANYONE)) element.setAttribute(name, text.replaceAll(ANYONE, subject.id));
    }
  }
  addCounters(copy);
  return [...copy.children];
}

// Lets people name the subjects of each group; `undo` offers to take a removal back. Returns a
// function that shows who is named; a panel that nobody filled in stands open.
export function startNaming(visit, form, undo) {
  const panels = [...form.querySelectorAll("[data-naming]")];

  async function keep(panel, subjects) {
    const error = panel.querySelector("[data-error]");
    const key = `subjects:${panel.dataset.naming}`;
    try {
      await visit.record(key, { subjects }, "named");
      error.hidden = true;
      visit.shown(new Set());
    } catch (failure) {
      error.textContent = `NOT SAVED. ${failure.message}`;
      error.hidden = false;
    }
  }

  const subjectsOf = (panel) => visit.repeats[panel.dataset.naming] ?? [];
  const refuse = (panel, words) => {
    const error = panel.querySelector("[data-error]");
    error.textContent = words;
    error.hidden = false;
  };

  // One after the other: a name must stand on what the name before it has left.
  let turn = Promise.resolve();
  const inTurn = (act) => {
    turn = turn.then(act);
  };

  function add(panel) {
    const input = panel.querySelector("input");
    const label = input.value.normalize("NFC").trim();
    input.focus();
    if (!label) return;
    // The next name may be typed already while this one is kept; what cannot be kept comes back.
    input.value = "";
    inTurn(async () => {
      const before = subjectsOf(panel);
      if (before.some((one) => one.label === label)) refuse(panel, "This one is named already.");
      else if (before.length >= MOST) refuse(panel, `Name at most ${MOST}.`);
      else await keep(panel, [...before, { id: freshId(), label }]);
      if (!panel.querySelector("[data-error]").hidden) input.value ||= label;
    });
  }

  async function leaveOut(panel, id) {
    const before = subjectsOf(panel);
    if (hasResponses(visit, id)) {
      return refuse(panel, "This one has responses already. Answer its items as not applicable instead.");
    }
    await keep(panel, before.filter((one) => one.id !== id));
    const { label } = before.find((one) => one.id === id);
    undo.offer(`${label} left out`, () => inTurn(() => keep(panel, before)));
  }

  form.addEventListener("click", (event) => {
    const panel = event.target.closest("[data-naming]");
    const act = event.target.closest("[data-act]")?.dataset.act;
    if (!panel || !act) return;
    if (act === "name") add(panel);
    if (act === "none") inTurn(() => keep(panel, []));
    if (act === "leave-out") {
      const { id } = event.target.closest("[data-id]").dataset;
      inTurn(() => leaveOut(panel, id));
    }
  });
  form.addEventListener("keydown", (event) => {
    const panel = event.target.closest("[data-naming]");
    if (!panel || event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    add(panel);
  });

  return () => panels.forEach((panel) => showNames(panel, visit.repeats[panel.dataset.naming]));
}

function showNames(panel, subjects) {
  const says = subjects ? JSON.stringify(subjects) : "unnamed";
  if (panel.dataset.says === says) return;
  const first = panel.dataset.says === undefined;
  panel.dataset.says = says;
  if (first || !subjects) panel.open = !subjects;
  const labels = (subjects ?? []).map(({ label }) => label).join(", ");
  const summary = panel.querySelector("summary [data-words]");
  summary.textContent = subjects ? labels || "None here" : "Not named yet";
  panel.querySelector("[data-named]").replaceChildren(...(subjects ?? []).map(named));
  panel.querySelector("[data-act=none]").hidden = Boolean(subjects?.length);
}

function named({ id, label }) {
  const row = filled("piece-named", { name: label, which: ` ${label}` });
  row.firstElementChild.dataset.id = id;
  return row;
}

function hasResponses(visit, id) {
  const about = (key) => key.endsWith(`@${id}`);
  const answered = [...visit.cells].some(([key, { raw }]) => raw && about(key));
  return answered || visit.photos.some(({ key }) => about(key));
}

// Two tablets may each name a room: their ids must not meet.
function freshId() {
  return crypto.randomUUID().slice(0, 8);
}
