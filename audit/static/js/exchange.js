// One exchange with the server about one audit: what is here goes there, what is there comes here.

import { heedResults, heedServer } from "./inbox.js";
import { isRecording } from "./lifecycle.js";
import { cellId } from "./outbox.js";
import { openingOf } from "./planned.js";
import { askSession, call, PROTOCOL, Refused } from "./server.js";
import { deviceId } from "./store.js";
import { sendPhotos } from "./uploads.js";

const MOST_CHANGES = 200;

export function oneTab(store, act) {
  return navigator.locks.request(`hygiene-sending-${store.person}`, act);
}

// Returns the session in which this person may send; throws Refused while there is none.
export async function open(store) {
  const session = await askSession();
  if (!session.user) throw new Refused("sign_in", "Please sign in, so that this can be sent.");
  if (session.user.id !== store.person) {
    throw new Refused("other_user", "Someone else is signed in. What is kept here is sent when its author is.");
  }
  return session;
}

// Sends what waits of an audit, and takes in what others entered.
export async function exchange(store, session, audit) {
  const device = await deviceId();
  await sendChanges(store, session, device, audit);
  await sendPhotos(store, session, device, audit);
  const { known, state: standing } = (await store.read("audits", audit)) ?? {};
  if (known && isRecording(standing)) await pull(store, session, audit);
}

async function sendChanges(store, session, device, audit) {
  for (let first = true; ; first = false) {
    const opening = openingOf(await store.read("audits", audit), first);
    const waiting = (await store.readAll("outbox", audit)).slice(0, MOST_CHANGES);
    if (!waiting.length && !opening) return;
    // Raised on the disk first: what may have left is never changed again.
    const frozen = await freeze(store, audit, waiting);
    const json = {
      v: PROTOCOL, device, user: session.user.id, clock: new Date().toISOString(),
      ...opening, changes: frozen.map(({ audit: _, sent: __, ...change }) => change),
    };
    const { results } = await call(session, "POST", `/device/audits/${audit}/changes`, { json });
    if (opening) await pull(store, session, audit);
    const done = await heedResults(store, audit, results);
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
      const cell = await store.read("cells", cellId(audit, key));
      if (cell?.change !== id || cell.state !== "here") continue;
      writes.push({ store: "cells", id: cellId(audit, key), audit, value: { ...cell, state: "sent" } });
    }
    if (writes.length) await store.write(writes, { heard: true });
    return frozen;
  });
}

export async function pull(store, session, id) {
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
