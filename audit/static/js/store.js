// What the tablet keeps: one database for each person, every value sealed, every write on the disk.
//
// Nothing here deletes by itself; who calls `write` with `gone` says why it may.

import { openDB } from "../vendor/idb/idb.js";
import { mend, NotSaved, settle, unsettle } from "./settling.js";
import { importKey, Reader, seal, unseal } from "./vault.js";

const STORES = ["audits", "cells", "outbox", "files", "bytes", "thumbs", "closings", "receipts", "along"];
const PLAIN_BYTES = ["bytes", "thumbs"];
const STRICT = { durability: "strict" };

// Browsers close databases when a tablet sleeps: opened anew then, and what failed is tried once more.
class Database {
  #open = null;

  constructor(name, version, upgrade) {
    this.#reopen = async () => {
      await mend();
      return openDB(name, version, {
        upgrade,
        blocking: (_, __, event) => event.target.close(),
        terminated: () => this.#forgetOpen(),
      });
    };
  }

  #reopen;

  async use(act) {
    try {
      return await act(await this.#opened());
    } catch (error) {
      if (error.name !== "InvalidStateError") unsettle();
      if (!["InvalidStateError", "UnknownError", "AbortError"].includes(error.name)) throw error;
      this.#open = null;
      return act(await this.#opened());
    }
  }

  #forgetOpen() {
    this.#open = null;
    unsettle();
  }

  async #opened() {
    try {
      return await (this.#open ??= this.#reopen());
    } catch (error) {
      // What could not be opened now may be opened later.
      this.#open = null;
      throw error;
    }
  }
}

const root = new Database("hygiene-root", 1, (database) => database.createObjectStore("kv"));

async function remember(name, value) {
  try {
    await root.use(async (database) => {
      await settle();
      const writing = database.transaction("kv", "readwrite", STRICT);
      await Promise.all([writing.store.put(value, name), writing.done]);
    });
  } catch (error) {
    throw new NotSaved(error);
  }
}

const recall = (name) => root.use((database) => database.get("kv", name));

// Remembers who uses this tablet; `key` opens what is kept for them until they sign out.
export async function rememberWho({ key, ...who }) {
  const people = (await recall("people")) ?? {};
  await remember("people", { ...people, [who.person]: who.name });
  await remember("who", { ...who, key: await importKey(key) });
}

// Returns who uses this tablet, null when nobody does or they signed out.
export async function recallWho() {
  return (await recall("who")) ?? null;
}

export async function forgetKey() {
  await remember("who", null);
}

// Returns everyone who ever used this tablet, names by id.
export async function everyone() {
  return (await recall("people")) ?? {};
}

export async function deviceId() {
  const known = await recall("device");
  if (known) return known;
  const fresh = crypto.randomUUID();
  await remember("device", fresh);
  return fresh;
}

// Opens what is kept for `person`. Without the key, only counting and copying sealed rows works.
export async function openStore(person) {
  const who = await recallWho();
  // Begun now, it does not keep the first response waiting; where it fails, the writing says so.
  settle().catch(() => {});
  return new Store(person, who?.person === person ? who.key : null);
}

class Store {
  #database;
  #key;
  #channel;
  #reader = new Reader();
  #heeding = new Set();
  #writing = new Set();

  constructor(person, key) {
    this.person = person;
    this.#key = key;
    this.#database = new Database(`hygiene-${person}`, 1, (database) => {
      for (const name of STORES) {
        const store = database.createObjectStore(name, { keyPath: "id" });
        store.createIndex("audit", "audit");
        store.createIndex("order", "order");
      }
    });
    this.#channel = new BroadcastChannel(`hygiene-${person}`);
    this.#channel.onmessage = ({ data }) => this.#tell(data);
  }

  async read(store, id) {
    const row = await this.#database.use((database) => database.get(store, id));
    return row ? this.#unseal(store, row) : null;
  }

  // Returns the values of a store, or of one audit in it, in the order they were first written.
  async readAll(store, audit) {
    const rows = await this.sealedRows(store, audit);
    return Promise.all(rows.map((row) => this.#unseal(store, row)));
  }

  async sealedRows(store, audit) {
    const rows = await this.#database.use((database) =>
      audit ? database.getAllFromIndex(store, "audit", audit) : database.getAll(store),
    );
    return rows.sort((one, other) => one.order - other.order);
  }

  count(store) {
    return this.#database.use((database) => database.count(store));
  }

  // Writes all of it in one transaction; resolves once it is on the disk, else throws NotSaved.
  // Other tabs hear of it. What came from the server (`heard`) is told to this page too; what a
  // person entered is told to who sends it.
  async write(changes, { heard = false } = {}) {
    const ready = await Promise.all(changes.map((change) => this.#prepare(change)));
    try {
      await this.#database.use((database) => writeAll(database, ready));
    } catch (error) {
      throw new NotSaved(error);
    }
    for (const { store, id, gone } of changes) if (gone) this.#reader.forget(`${store}:${id}`);
    const told = changes.map(({ store, id, audit }) => ({ store, id, audit }));
    this.#channel.postMessage(told);
    if (heard) this.#tell(told);
    else for (const heed of this.#writing) heed(told);
  }

  // Calls `heed` with what another tab wrote, or what came from the server.
  onChange(heed) {
    this.#heeding.add(heed);
  }

  // Calls `heed` with what a person entered on this page, once it is kept.
  onEntered(heed) {
    this.#writing.add(heed);
  }

  // Lets one tab at a time change what it has read of `audit`.
  inTurn(audit, act) {
    return navigator.locks.request(`hygiene-${this.person}-${audit}`, act);
  }

  #tell(told) {
    for (const heed of this.#heeding) heed(told);
  }

  async #prepare({ store, id, audit, value, gone }) {
    if (gone) return { store, id, gone };
    const { iv, sealed } = await seal(this.#key, `${store}:${id}`, value);
    return { store, id, audit: audit ?? id, iv, sealed };
  }

  // Values that are not bytes are frozen: each is opened once, and shared by who reads it.
  #unseal(store, row) {
    const place = `${store}:${row.id}`;
    if (PLAIN_BYTES.includes(store)) return unseal(this.#key, place, row);
    return this.#reader.read(this.#key, place, row);
  }
}

async function writeAll(database, ready) {
  await settle();
  const names = [...new Set(ready.map(({ store }) => store))];
  const writing = database.transaction(names, "readwrite", STRICT);
  const failed = writing.done.catch((error) => error);
  try {
    for (const { store: name, gone, ...row } of ready) {
      const store = writing.objectStore(name);
      if (gone) await store.delete(row.id);
      else await store.put({ ...row, order: await placeOf(store, row.id) });
    }
  } catch (error) {
    const reason = await failed;
    throw reason instanceof Error ? reason : error;
  }
  const reason = await failed;
  if (reason) throw reason;
}

// A row keeps its place; a new one comes after all others.
async function placeOf(store, id) {
  const known = await store.get(id);
  if (known) return known.order;
  const last = await store.index("order").openKeyCursor(null, "prev");
  return (last?.key ?? 0) + 1;
}
