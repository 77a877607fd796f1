// Saves everything that is kept for a person as one file, sealed as it lies here: no key is needed.

import { deviceId, openStore } from "./store.js";

const STORES = ["audits", "outbox", "files", "bytes", "closings"];

export async function saveRescueFile({ person }) {
  const store = await openStore(person);
  const entries = [];
  const pieces = [];
  for (const name of STORES) {
    for (const { id, iv, sealed } of await store.sealedRows(name)) {
      entries.push({ store: name, id, iv: base64(iv), size: sealed.byteLength });
      pieces.push(sealed);
    }
  }
  const made = new Date().toISOString();
  const head = { format: "hygiene-audit-rescue", v: 1, person, device: await deviceId(), made_at: made, entries };
  offer(new Blob([JSON.stringify(head), "\n", ...pieces]), `hygiene-audit-${made.slice(0, 10)}.rescue`);
}

function base64(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

function offer(file, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
