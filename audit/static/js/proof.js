// What a receipt must prove before a tablet may forget an audit.

import { cellsOf, pending, photosOf } from "./outbox.js";
import { Refused } from "./server.js";

const RECORDING = ["planned", "in_progress"];

// Throws while something of an audit is not sent, or needs a person to look at it.
export async function insistSent(store, audit) {
  const { changes, photos } = await pending(store, audit);
  if (changes || photos) throw new Refused("not_sent", "Not everything is sent yet. Please try again in a moment.");
  const { state: standing } = await store.read("audits", audit);
  // Of an audit that was completed elsewhere, what came too late is with the manager.
  const settled = RECORDING.includes(standing) ? ["confirmed"] : ["confirmed", "locked", "quarantined"];
  const cells = [...(await cellsOf(store, audit)).values()];
  if (!cells.every(({ state }) => settled.includes(state))) {
    throw new Refused("not_settled", "Some responses need a look first: go back to the responses.");
  }
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

// Throws unless `receipt` says exactly what `whatIsHere` said before.
export function insistSame(receipt, { state: digest, evidence }) {
  const same = receipt.state === digest && JSON.stringify(receipt.evidence) === JSON.stringify(evidence);
  if (!same) throw new Refused("receipt_differs", "The server's receipt is not what this tablet has. Nothing is deleted here; please tell your manager.");
}
