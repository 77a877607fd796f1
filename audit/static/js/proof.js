// What a receipt must prove before a tablet may forget an audit.

import { cellsOf, photosOf } from "./outbox.js";
import { Refused } from "./server.js";

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
