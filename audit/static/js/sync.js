// Sends what the tablet keeps, in the background, as often as it takes.
//
// Works only while a page is open. One tab sends for all.

import { exchange, oneTab, open } from "./exchange.js";
import { pending } from "./outbox.js";
import { Refused } from "./server.js";
import { NotSaved } from "./settling.js";

const AFTER_SAVE_MS = 1_500;
const EVERY_MS = 30_000;
const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 300_000;

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

// Counts anew what is not sent, after something else than the background sent it.
export async function tellUnsent(store) {
  say(await unsent(store));
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

// What goes wrong with one audit holds up no other.
async function exchangeAll(store, session) {
  const wrong = [];
  for (const { id } of await store.readAll("audits")) {
    try {
      await exchange(store, session, id);
    } catch (error) {
      if (CONNECTIONS[error.code]) throw error;
      wrong.push(error);
    }
  }
  if (wrong.length) throw wrong[0];
}
