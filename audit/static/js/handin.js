// Sends what the tablet keeps, in the background, as often as it takes; and hands audits in.
//
// Works only while a page is open. One tab sends for all. Nothing is deleted before the server's
// receipt is what this tablet worked out itself.

import { forget, heldOf } from "./forgetting.js";
import { heedResults, heedServer } from "./inbox.js";
import { pending } from "./outbox.js";
import { openingOf } from "./planned.js";
import { insistKept, insistSent, isSame, whatIsHere } from "./proof.js";
import { askSession, call, PROTOCOL, Refused } from "./server.js";
import { NotSaved } from "./settling.js";
import { deviceId } from "./store.js";
import { sendPhotos } from "./uploads.js";

const MOST_CHANGES = 200;
const AFTER_SAVE_MS = 1_500;
const EVERY_MS = 30_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;
const RECORDING = ["planned", "in_progress"];

const sync = { store: null, timer: 0, waitMs: 0, again: false, soon: false, running: null };
const heeding = new Set();
let state = { connection: "unknown", unsent: 0, closings: 0, oldest: null, sending: false };

// Calls `heed(state)` now and at each change: {connection, unsent, closings, oldest, sending}.
export function heedState(heed) {
  heeding.add(heed);
  heed(state);
}

function say(news) {
  state = { ...state, ...news };
  for (const heed of heeding) heed(state);
}

export function startSync(store) {
  sync.store = store;
  store.onEntered(saved);
  window.addEventListener("online", kick);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && kick());
  kick();
}

// Tries now, and forgets how long the last failures would have made it wait.
export function kick() {
  sync.waitMs = 0;
  plan(0);
}

// Something was saved: soon, with what else comes meanwhile.
async function saved() {
  // While something is on its way, the end of that plans what comes next.
  if (sync.running) sync.soon = true;
  else if (!sync.waitMs) plan(AFTER_SAVE_MS);
  say(await unsent(sync.store));
}

function plan(delay) {
  clearTimeout(sync.timer);
  sync.timer = setTimeout(run, delay);
}

async function unsent(store) {
  // A full disk may not be read, either: what was counted last still stands.
  const counted = await pending(store).catch((error) => {
    if (!(error instanceof NotSaved)) throw error;
  });
  const { changes, photos, ...others } = counted ?? {};
  return counted ? { unsent: changes + photos, ...others } : {};
}

async function run() {
  if (sync.running) {
    sync.again = true;
    return;
  }
  sync.running = cycle();
  try {
    await sync.running;
  } finally {
    // Whatever went wrong, the next try comes.
    sync.running = null;
    planNext();
  }
}

function planNext() {
  const next = sync.again ? 0 : sync.waitMs || (sync.soon ? AFTER_SAVE_MS : EVERY_MS);
  sync.again = sync.soon = false;
  plan(next);
}

async function cycle() {
  try {
    await oneTab(sync.store, async () => {
      say({ sending: true, ...(await unsent(sync.store)) });
      const session = await open(sync.store);
      await exchangeAll(sync.store, session);
    });
    sync.waitMs = 0;
    say({ connection: "ok", sending: false, ...(await unsent(sync.store)) });
  } catch (error) {
    const doubled = Math.min(LONGEST_WAIT_MS, Math.max(FIRST_WAIT_MS, 2 * sync.waitMs));
    sync.waitMs = doubled * (0.75 + Math.random() / 2);
    say({ connection: CONNECTIONS[error.code] ?? "failing", sending: false, ...(await unsent(sync.store)) });
    if (!(error instanceof Refused || error instanceof NotSaved)) throw error;
  }
}

const CONNECTIONS = { no_connection: "none", sign_in: "sign_in", other_user: "other_user", outdated: "outdated" };

function oneTab(store, act) {
  return navigator.locks.request(`hygiene-sending-${store.person}`, act);
}

// Returns the session in which this person may send; throws Refused while there is none.
async function open(store) {
  const session = await askSession();
  if (!session.user) throw new Refused("sign_in", "Please sign in, so that this can be sent.");
  if (session.user.id !== store.person) {
    throw new Refused("other_user", "Someone else is signed in. What is kept here is sent when its author is.");
  }
  return session;
}

// What goes wrong with one audit holds up no other.
async function exchangeAll(store, session) {
  const wrong = [];
  for (const audit of await store.readAll("audits")) {
    try {
      await exchange(store, session, audit);
    } catch (error) {
      if (CONNECTIONS[error.code]) throw error;
      wrong.push(error);
    }
  }
  if (wrong.length) throw wrong[0];
}

async function exchange(store, session, audit) {
  const device = await deviceId();
  await sendChanges(store, session, device, audit);
  await sendPhotos(store, session, device, audit.id);
  const { known, state: standing } = (await store.read("audits", audit.id)) ?? {};
  if (known && RECORDING.includes(standing)) await pull(store, session, audit.id);
}

async function sendChanges(store, session, device, audit) {
  for (let first = true; ; first = false) {
    const opening = openingOf(await store.read("audits", audit.id), first);
    const waiting = (await store.readAll("outbox", audit.id)).slice(0, MOST_CHANGES);
    if (!waiting.length && !opening) return;
    // Raised on the disk first: what may have left is never changed again.
    const frozen = await freeze(store, audit.id, waiting);
    const json = {
      v: PROTOCOL, device, user: session.user.id, clock: new Date().toISOString(),
      ...opening, changes: frozen.map(({ audit: _, sent: __, ...change }) => change),
    };
    const { results } = await call(session, "POST", `/device/audits/${audit.id}/changes`, { json });
    if (opening) await pull(store, session, audit.id);
    const done = await heedResults(store, audit.id, results);
    if (waiting.length && !done) throw new Refused("failing", "The server said nothing of what was sent.");
  }
}

function freeze(store, audit, waiting) {
  return store.inTurn(audit, async () => {
    const frozen = [];
    for (const { id } of waiting) {
      const change = await store.read("outbox", id);
      if (change) frozen.push({ ...change, sent: change.sent + 1 });
    }
    const writes = frozen.map((change) => ({ store: "outbox", id: change.id, audit, value: change }));
    for (const { id, key } of frozen) {
      const cell = await store.read("cells", `${audit}:${key}`);
      if (cell?.change !== id || cell.state !== "here") continue;
      writes.push({ store: "cells", id: `${audit}:${key}`, audit, value: { ...cell, state: "sent" } });
    }
    if (writes.length) await store.write(writes, { heard: true });
    return frozen;
  });
}

async function pull(store, session, id) {
  const row = await store.read("audits", id);
  const since = row?.known ? row.revision : 0;
  const pulled = await call(session, "GET", `/device/audits/${id}?since=${since}`);
  await heedServer(store, pulled);
  return store.read("audits", id);
}

// Fetches an audit begun elsewhere; returns its row.
export async function fetchAudit(store, id) {
  return pull(store, await open(store), id);
}

// Takes along sites, checklists and open audits; returns them.
export async function takeAlong(store) {
  const along = await call(await open(store), "GET", "/device/along");
  await store.write([{ store: "along", id: "along", value: along }]);
  return along;
}

// Hands a completed audit in. Returns the receipt once it is proven; throws Refused with words.
export async function handIn(store, audit, password) {
  const receipt = await oneTab(store, async () => {
    const session = await open(store);
    await exchange(store, session, { id: audit });
    const held = await heldOf(store, audit);
    await insistSent(store, audit);
    const expected = await whatIsHere(store, audit);
    const closing = await store.read("closings", audit);
    const json = {
      v: PROTOCOL, id: audit, device: await deviceId(), user: session.user.id,
      clock: new Date().toISOString(), ...expected,
      completed_at: closing.completedAt, password, signatures: closing.signatures,
    };
    const answer = await call(session, "POST", `/device/audits/${audit}/hand-in`, { json });
    if (!isSame(answer, expected)) await insistOurs(store, session, closing);
    await forget(store, audit, answer, held);
    return answer;
  });
  say(await unsent(store));
  return receipt;
}

// The audit was closed before by someone else, so that the server kept these signatures aside.
async function insistOurs(store, session, closing) {
  await pull(store, session, closing.audit);
  await store.write([{ store: "closings", id: closing.audit, value: { ...closing, brought: true } }]);
  throw new Refused("closed_elsewhere", "This audit was completed elsewhere before. What you signed is kept for the manager.");
}

// Puts away an audit that was closed elsewhere, once the server has told word for word what it
// keeps of it; throws Refused with words while something is not there.
export async function putAway(store, audit) {
  await oneTab(store, async () => {
    const session = await open(store);
    await exchange(store, session, { id: audit });
    await pull(store, session, audit);
    const kept = await call(session, "GET", `/device/audits/${audit}/kept`);
    await store.inTurn(audit, async () => {
      const held = await heldOf(store, audit);
      await forget(store, audit, await insistKept(store, audit, kept), held);
    });
  });
  say(await unsent(store));
}
