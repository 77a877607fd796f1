// What the server said: of changes that were sent, and of what others entered.

import { cellId } from "./outbox.js";
import { stillBegun } from "./planned.js";

const ASIDE = ["locked", "quarantined"];

// Applies what the server said of changes that were sent; `results` are as it sent them. Returns
// whether any of them is done with.
export function heedResults(store, audit, results) {
  return store.inTurn(audit, async () => {
    const writes = [];
    for (const result of results) {
      const change = await store.read("outbox", result.id);
      if (change) writes.push(...(await whatFollows(store, audit, change, result)));
    }
    if (writes.length) await store.write(writes, { heard: true });
    return writes.length > 0;
  });
}

async function whatFollows(store, audit, change, result) {
  const id = cellId(audit, change.key);
  const cell = await store.read("cells", id);
  const done = { store: "outbox", id: change.id, gone: true };
  if (result.status === "id_reused") return againWithNewId(audit, id, change, cell);
  const stands = standing(change, result);
  // What this page does not understand is no reason to let go of a change.
  if (!stands) return [];
  // A later edit stands in the cell already, and has its own change to wait for.
  if (cell?.change !== change.id) return [done, ...(await rebased(store, audit, id, change, result))];
  return [done, { store: "cells", id, audit, value: { ...cell, ...stands } }];
}

// What was entered on top of a response that someone else gave as well follows theirs. Only fresh
// news says so: of a duplicate, what is current now may be something nobody has seen here.
async function rebased(store, audit, id, change, { status, current }) {
  const cell = await store.read("cells", id);
  const later = status === "merged" && current && cell && (await store.read("outbox", cell.change));
  if (!later || later.sent || later.parent !== change.id) return [];
  return [
    { store: "outbox", id: later.id, audit, value: { ...later, parent: current } },
    { store: "cells", id, audit, value: { ...cell, parent: current } },
  ];
}

function againWithNewId(audit, cell, change, before) {
  const fresh = { ...change, id: crypto.randomUUID(), sent: 0 };
  const writes = [
    { store: "outbox", id: change.id, gone: true },
    { store: "outbox", id: fresh.id, audit, value: fresh },
  ];
  if (before?.change === change.id) {
    writes.push({ store: "cells", id: cell, audit, value: { ...before, change: fresh.id, state: "here" } });
  }
  return writes;
}

function standing(change, { status, first, change: current, kept, words }) {
  const became = status === "duplicate" ? first : status;
  switch (became) {
    case "applied":
      return { state: "confirmed" };
    case "merged":
      return { state: "confirmed", change: current ?? change.id };
    case "conflict":
      return { state: "conflict", kept };
    case "refused":
      return { state: "refused", words };
    case "locked":
    case "quarantined":
      return { state: became };
    default:
      return null;
  }
}

// Takes in what the server has of an audit; what is not sent yet stays as it is here.
export function heedServer(store, pulled) {
  const { cells, photos, conflicts, ...row } = pulled;
  const audit = row.id;
  return store.inTurn(audit, async () => {
    const known = await store.read("audits", audit);
    const own = new Set((await store.readAll("outbox", audit)).map(({ key }) => key));
    const fresh = { ...known, ...stillBegun(known, row), known: true };
    const writes = [];
    if (JSON.stringify(fresh) !== JSON.stringify(known)) {
      writes.push({ store: "audits", id: audit, value: fresh });
    }
    for (const cell of cells) {
      if (own.has(cell.key)) continue;
      const before = await store.read("cells", cellId(audit, cell.key));
      if (before?.state === "conflict" && conflicts.some(({ id }) => id === before.change)) continue;
      // What came too late stays in sight, with the words for it: nothing else here can say so.
      if (ASIDE.includes(before?.state)) continue;
      const value = { ...cell, parent: null, state: "confirmed" };
      writes.push({ store: "cells", id: cellId(audit, cell.key), audit, value });
    }
    writes.push(...(await foreignConflicts(store, audit, conflicts, cells, own)));
    writes.push(...(await settledElsewhere(store, audit, conflicts, cells)));
    writes.push(...(await foreignPhotos(store, audit, photos)));
    if (writes.length) await store.write(writes, { heard: true });
  });
}

// Shows a choice between two responses also on tablets that made neither.
async function foreignConflicts(store, audit, conflicts, cells, own) {
  const writes = [];
  for (const { id: change, key, raw, at } of conflicts) {
    if (own.has(key)) continue;
    const before = await store.read("cells", cellId(audit, key));
    if (before?.state === "conflict") continue;
    const current = cells.find((cell) => cell.key === key) ?? before;
    const value = { key, raw, change, parent: null, state: "conflict", at, kept: current };
    writes.push({ store: "cells", id: cellId(audit, key), audit, value });
  }
  return writes;
}

// A choice that someone else made by leaving things as they are brings no new response.
async function settledElsewhere(store, audit, conflicts, cells) {
  const open = new Set(conflicts.map(({ key }) => key));
  const brought = new Set(cells.map(({ key }) => key));
  const kept = await store.readAll("cells", audit);
  return kept
    .filter(({ key, state }) => state === "conflict" && !open.has(key) && !brought.has(key))
    .map(({ key, kept: current }) => {
      const value = { ...current, key, parent: null, state: "confirmed" };
      return { store: "cells", id: cellId(audit, key), audit, value };
    });
}

async function foreignPhotos(store, audit, photos) {
  const writes = [];
  const there = new Set(photos.map(({ id }) => id));
  const here = new Map((await store.readAll("files", audit)).map((file) => [file.id, file]));
  for (const { id, key, digest, size, width, height, taken_at: takenAt, drawn_on: drawnOn } of photos) {
    if (here.has(id)) continue;
    const value = { id, audit, key, digest, size, width, height, takenAt, drawnOn, state: "confirmed", removed: false };
    writes.push({ store: "files", id, audit, value });
  }
  for (const file of here.values()) {
    const takenAway = file.state === "confirmed" && !file.removed && !there.has(file.id);
    if (takenAway) writes.push({ store: "files", id: file.id, audit, value: { ...file, removed: true } });
  }
  return writes;
}
