// The page of one audit on a tablet: opens it from the store, and keeps page and store together.

import { startClosing } from "./closing.js";
import { addCounters } from "./counter.js";
import { fill } from "./entries.js";
import { fetchAudit } from "./exchange.js";
import { keepPages } from "./keeper.js";
import { askOnceSaved } from "./keeping.js";
import { finding, mark } from "./marks.js";
import { startNavigator } from "./navigator.js";
import { OpenVisit } from "./open-visit.js";
import { startPhotos } from "./photos.js";
import { findAlong } from "./planned.js";
import { startNaming, startRepeats } from "./repeats.js";
import { startRest } from "./rest.js";
import { startSaving } from "./saving.js";
import { sayNotSaved, startStatus } from "./status.js";
import { NotSaved } from "./settling.js";
import { startSteady, steadily } from "./steady.js";
import { openStore } from "./store.js";
import { startSync } from "./sync.js";
import { whoOpens } from "./who.js";
import { startUndo } from "./undo.js";

const NAMED = /^#([0-9a-f-]{36})(?:\/|$)/;
const CLOSED_CONTROLS =
  ".asked :is(input, textarea, select, .counter button), .naming :is(input, button)";
const form = document.querySelector("#section");

async function open() {
  const id = NAMED.exec(location.hash)?.[1];
  if (!id) return stay("No audit is named in this address. Choose one on this tablet.");
  const who = await whoOpens();
  if (!who) return stay("Please sign in first. What this tablet keeps is still here, and opens then.");
  const store = await openStore(who.person);
  const row = (await store.read("audits", id)) ?? (await fetched(store, id)) ?? (await findAlong(store, id));
  if (!row) return stay("This audit is not on this tablet, and there is no connection to fetch it.");
  if (row.page !== location.pathname) return location.replace(`${row.page}${location.hash}`);
  const definition = JSON.parse(document.querySelector("#definition").textContent);
  return start(new OpenVisit(store, row, definition, who));
}

async function fetched(store, id) {
  try {
    return await fetchAudit(store, id);
  } catch {
    // No connection, or nobody signed in: both are said by the status line, and here in words.
    return null;
  }
}

function stay(words) {
  const id = NAMED.exec(location.hash)?.[1];
  if (id) document.querySelector("#opening [data-plain]").href = `/audits/${id}?plain=1`;
  document.querySelector("#opening [data-words]").textContent = words;
  document.querySelector("#opening [data-ways]").hidden = false;
}

async function start(visit) {
  addCounters(form);
  const undo = startUndo(document.querySelector("#toast"));
  const closing = startClosing(visit);
  const photos = startPhotos(visit, undo);
  const navigator = startNavigator(visit, { form, closing });
  startSteady();
  const saving = startSaving(visit, form, (key, entered) => {
    steadily(() => show(new Set([key])));
    if (entered) announce(visit, document.getElementById(key));
  });
  const layOut = startRepeats(form);
  const showNames = startNaming(visit, form, undo);
  const showRest = startRest(visit, form, { saving, undo });
  let items = itemsOf(form);
  let standing = "";
  heedItems(visit, { saving, undo });

  // Shows what stands in the store at `keys`, and all that follows from it.
  function show(keys) {
    const moved = layOut(visit.repeats);
    if (moved) items = itemsOf(form);
    const every = visit.asked();
    navigator.count(every, visit.lacks());
    closing.update();
    const asked = new Set(every.map(({ key }) => key));
    for (const item of items) item.hidden = !asked.has(item.id);
    const now = `${visit.today()} ${visit.closed}`;
    const anew = moved || now !== standing;
    standing = now;
    for (const item of items) if (anew || keys.has(item.id)) showItem(item);
    showNames();
    showRest(every);
    close(visit.closed);
    sayNotSaved(saving.failed.size);
  }

  function showAll(keys) {
    show(keys);
    photos.show();
    if (!visit.closed) countPhotos(visit, saving);
  }

  function showItem(item) {
    if (!("asked" in item.dataset)) return;
    if (!saving.pending(item.id)) fill(item, visit.rawOf(item.id));
    if (!saving.entering(item.id)) mark(visit, item, saving.failed.get(item.id));
    openNote(visit, item);
  }

  visit.shown = (keys) => steadily(() => showAll(keys));
  document.querySelector("[data-site]").textContent = visit.row.site_name;
  document.querySelector("[data-audit]").textContent = nameOf(visit.row);
  await visit.refresh();
  document.querySelector("#opening").hidden = true;
  document.querySelector("#visit").hidden = false;
  await navigator.open();
  visit.store.onChange(() => visit.refresh());
  startStatus(document.querySelector("#status"), visit.store);
  startSync(visit.store);
  askOnceSaved(visit.store);
  keepPage();
}

// Who came from a list of audits has not taken this page along; it must open in a basement, too.
function keepPage() {
  // Where even this does not fit, the first response says so.
  if (navigator.serviceWorker) keepPages([location.pathname]).catch(insistNotSaved);
}

function insistNotSaved(error) {
  if (!(error instanceof NotSaved)) throw error;
}

const itemsOf = (place) => [...place.querySelectorAll(".asked")];

function nameOf({ kind, number }) {
  const words = kind === "inspection" ? "Inspection" : "Self-audit";
  return number ? `${words} ${number}` : words;
}

function close(closed) {
  if (form.classList.contains("closed") === closed) return;
  form.classList.toggle("closed", closed);
  document.querySelector("#closed").hidden = !closed;
  for (const control of form.querySelectorAll(CLOSED_CONTROLS)) control.disabled = closed;
}

// Where photos themselves are the response, taking one counts.
function countPhotos(visit, saving) {
  for (const [key, count] of visit.photoCounts()) {
    const raw = visit.rawOf(key) ?? {};
    if (visit.itemOf(key)?.kind !== "photos" || raw.absent) continue;
    if (count > (Number(raw.value) || 0)) saving.put(key, { ...raw, value: String(count) }, "counted");
  }
}

// A note that says something, or is wanted, stands open; who closes it again is left alone.
function openNote(visit, item) {
  const note = item.querySelector("details.note");
  if (!note || note.dataset.opened || !(visit.rawOf(item.id)?.comment || finding(visit, item.id))) return;
  note.open = true;
  note.dataset.opened = "yes";
}

// Says a finding at once, also to those who do not see it.
function announce(visit, element) {
  const found = finding(visit, element.id);
  const words = found ? `${found.name} ${found.words}` : "";
  if (element.dataset.found === words) return;
  element.dataset.found = words;
  document.querySelector("#said").textContent = words;
}

function heedItems(visit, { saving, undo }) {
  const acts = {
    clear(element, cell, press) {
      fill(element, null);
      saving.put(element.id, null, "cleared");
      undo.offer("Response cleared", () => saving.put(element.id, cell.raw, "undo"), press);
    },
    again: (element) => saving.save(element, "typed"),
    "keep-mine": (element, cell) => saving.put(element.id, cell.raw, "settled"),
    "keep-theirs": (element, cell) => saving.put(element.id, cell.kept.raw, "settled"),
  };
  form.addEventListener("click", (event) => {
    const element = event.target.closest("[data-asked]");
    const act = element && acts[event.target.closest("[data-act]")?.dataset.act];
    act?.(element, visit.cells.get(element.id), event);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  // A jump within the page would take the audit's id out of the address.
  document.querySelector(".skip").addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelector("#content").focus();
  });
  window.addEventListener("hashchange", () => {
    if (NAMED.exec(location.hash)?.[1] !== visit.audit) location.reload();
  });
}

open();
