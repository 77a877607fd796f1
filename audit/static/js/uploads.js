// Photos on their way to the server: one at a time, in pieces, going on where the server stands.

import { bytesOf, isWaiting } from "./outbox.js";
import { call, PROTOCOL } from "./server.js";

const PIECE = 262_144;
const MOST_TRIES = 3;
const NOT_TAKEN = ["photo_refused", "photo_unreadable", "id_reused", "no_photo_here"];
const STOPS = ["no_connection", "sign_in", "other_user", "outdated"];
const ASIDE = "This came after the audit was completed, or from someone who may not record. It is kept for the manager.";

export async function sendPhotos(store, session, device, audit) {
  const waiting = (await store.readAll("files", audit)).filter(isWaiting);
  const wrong = [];
  for (const file of waiting) {
    try {
      await sendPhoto(store, session, device, file);
    } catch (error) {
      // One photo in trouble holds up no other.
      if (STOPS.includes(error.code)) throw error;
      wrong.push(error);
    }
  }
  if (wrong.length) throw wrong[0];
}

async function sendPhoto(store, session, device, file) {
  const known = await markSent(store, file);
  if (!known) return;
  try {
    const status = await carry(store, session, device, known);
    const aside = ["locked", "quarantined"].includes(status);
    await keep(store, aside ? { ...known, state: status, words: ASIDE } : { ...known, state: "confirmed" });
  } catch (error) {
    if (!NOT_TAKEN.includes(error.code)) throw error;
    await keep(store, { ...known, state: "refused", words: error.words });
  }
}

// On the disk before it leaves: from now on, the server may know this photo. In one turn with
// looking whether it still waits: who takes it away before is not overheard, who does it later tells
// the server.
function markSent(store, { id, audit }) {
  return store.inTurn(audit, async () => {
    const file = await store.read("files", id);
    if (!file || !isWaiting(file)) return null;
    const value = { ...file, state: "sent" };
    await store.write([{ store: "files", id, audit, value }], { heard: true });
    return value;
  });
}

// Resolves once the server has all of it, with what became of it.
async function carry(store, session, device, file) {
  let tries = 0;
  let { offset, complete, status } = await declare(session, device, file);
  if (complete) return status;
  const bytes = await bytesOf(store, file.id);
  while (!complete) {
    try {
      ({ offset, complete, status } = await sendPiece(session, file, bytes, offset));
    } catch (error) {
      if (error.code === "wrong_offset") ({ offset } = error.details);
      else if (error.code === "wrong_digest" && ++tries < MOST_TRIES) offset = 0;
      else throw error;
    }
  }
  return status;
}

function declare(session, device, file) {
  const { id, audit, key, size, digest, width, height } = file;
  const json = {
    v: PROTOCOL, device, user: session.user.id, clock: new Date().toISOString(),
    audit, key, size, digest, width, height, taken_at: file.takenAt, drawn_on: file.drawnOn,
  };
  return call(session, "PUT", `/device/evidence/${id}`, { json });
}

function sendPiece(session, { id }, bytes, offset) {
  const headers = { "Upload-Offset": String(offset) };
  const piece = bytes.slice(offset, offset + PIECE);
  return call(session, "PATCH", `/device/evidence/${id}`, { bytes: piece, headers });
}

function keep(store, file) {
  return store.inTurn(file.audit, async () => {
    // Taken away meanwhile, it stays so.
    const { removed } = await store.read("files", file.id);
    const value = { ...file, removed };
    await store.write([{ store: "files", id: file.id, audit: file.audit, value }], { heard: true });
  });
}
