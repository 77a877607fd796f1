// What a receipt must prove before a tablet may forget an audit.

import { isRecording } from "./lifecycle.js";
import { cellsOf, pending, photosOf } from "./outbox.js";
import { Refused } from "./server.js";

const ASIDE = ["locked", "quarantined", "refused", "conflict"];
export const NOT_KEPT = "The server has not shown that it keeps all of this. Nothing is deleted here; please try again, or tell your manager.";

// Throws while something of an audit is not sent, or needs a person to look at it.
export async function insistSent(store, audit) {
  const { changes, photos } = await pending(store, audit);
  if (changes || photos) throw new Refused("not_sent", "Not everything is sent yet. Please try again in a moment.");
  const { state: standing } = await store.read("audits", audit);
  // Of an audit that was completed elsewhere, what came too late is with the manager.
  const settled = isRecording(standing) ? ["confirmed"] : ["confirmed", ...ASIDE];
  const cells = [...(await cellsOf(store, audit)).values()];
  if (!cells.every(({ state }) => settled.includes(state))) {
    throw new Refused("not_settled", "Some responses need a look first: go back to the responses.");
  }
  if (!isRecording(standing)) return;
  // No receipt speaks of a photo that was not accepted: a person decides about it.
  if ((await photosOf(store, audit)).some(({ state }) => state === "refused")) {
    throw new Refused("not_settled", "A photo was not accepted. Go back and take it away, or take it anew.");
  }
}

// What this tablet has of an audit, in the form that the server must name as its own.
export async function whatIsHere(store, audit) {
  const cells = [...(await cellsOf(store, audit)).values()];
  const pairs = cells.map(({ key, change }) => [key, change]).sort(([one], [other]) => (one < other ? -1 : 1));
  const photos = (await photosOf(store, audit)).filter(({ state: standing }) => standing === "confirmed");
  const evidence = photos.map(({ id, digest }) => [id, digest]).sort(([one], [other]) => (one < other ? -1 : 1));
  const { revision } = await store.read("audits", audit);
  return { revision, state: await digestOf(JSON.stringify(pairs)), evidence };
}

async function digestOf(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Whether `receipt` says exactly what `whatIsHere` said before.
export function isSame(receipt, { state: digest, evidence }) {
  return receipt.state === digest && JSON.stringify(receipt.evidence) === JSON.stringify(evidence);
}

// How many responses, photos and signatures of this tablet count nowhere but wait for a manager.
export function asideOf({ cells, photos }, closing) {
  const count = (found) => found.filter(({ state }) => ASIDE.includes(state)).length;
  return { responses: count([...cells.values()]), photos: count(photos), signatures: closing?.signatures.length ?? 0 };
}

// Returns the receipt to keep once `kept`, which the server says it has, holds all that is here:
// each response word for word, each photo by its digest, each signature. Throws Refused otherwise.
export async function insistKept(store, audit, kept) {
  const { state: standing } = await store.read("audits", audit);
  if (isRecording(standing)) throw new Refused("opened_again", "This audit is open again. Please reload this page.");
  await insistSent(store, audit);
  const current = new Map(kept.cells);
  const aside = new Map(kept.changes.map((one) => [one.id, one]));
  const hasCell = ({ key, raw, change, state }) =>
    ASIDE.includes(state) ? isSaid(aside.get(change), { key, raw }) : current.get(key) === change;
  const there = new Map(kept.photos);
  const hasPhoto = ({ id, digest }) => there.get(id) === digest;
  const closing = await store.read("closings", audit);
  const signed = new Set(kept.signatures.map(signature));
  const hasSigned = (one) => signed.has(signature(one));
  const all =
    [...(await cellsOf(store, audit)).values()].every(hasCell) &&
    (await photosOf(store, audit)).every(hasPhoto) &&
    (closing?.signatures ?? []).every(hasSigned);
  if (!all) throw new Refused("not_kept", NOT_KEPT);
  return { ...kept.receipt, number: kept.number, received_at: kept.now };
}

// As it was signed, down to each stroke; the same moment may be written in two ways.
const signature = (one) => plain({ ...one, signed_at: Date.parse(one.signed_at) });

const isSaid = (kept, { key, raw }) => kept?.key === key && plain(kept.raw) === plain(raw);

// The same text for the same content, in whatever order its parts stand.
export function plain(content) {
  return JSON.stringify(content, (_, part) =>
    part && typeof part === "object" && !Array.isArray(part) ? Object.fromEntries(Object.entries(part).sort()) : part,
  );
}
