// Photos on their way to the server: one at a time, in pieces, going on where the server stands.

import { bytesOf, isWaiting } from "./outbox.js";
import { call, PROTOCOL } from "./server.js";

const PIECE = 262_144;
const MOST_TRIES = 3;

export async function sendPhotos(store, session, device, audit) {
  const waiting = (await store.readAll("files", audit)).filter(isWaiting);
  for (const file of waiting) await sendPhoto(store, session, device, file);
}

async function sendPhoto(store, session, device, file) {
  // On the disk before it leaves: from now on, the server may know this photo.
  const known = { ...file, state: "sent" };
  if (file.state === "here") await keep(store, known);
  try {
    await carry(store, session, device, known);
    await keep(store, { ...known, state: "confirmed" });
  } catch (error) {
    if (!["photo_refused", "photo_unreadable", "id_reused", "no_photo_here"].includes(error.code)) throw error;
    await keep(store, { ...known, state: "refused", words: error.words });
  }
}

async function carry(store, session, device, file) {
  let tries = 0;
  let { offset, complete } = await declare(session, device, file);
  if (complete) return;
  const bytes = await bytesOf(store, file.id);
  while (!complete) {
    try {
      ({ offset, complete } = await sendPiece(session, file, bytes, offset));
    } catch (error) {
      if (error.code === "wrong_offset") ({ offset } = error.details);
      else if (error.code === "wrong_digest" && ++tries < MOST_TRIES) offset = 0;
      else throw error;
    }
  }
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
