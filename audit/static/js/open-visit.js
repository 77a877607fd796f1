// One audit opened on this tablet: what is kept of it, and what that comes to by its checklist.

import { isRecording } from "./lifecycle.js";
import { cellsOf, photosOf, record } from "./outbox.js";
import { beginPlanned, isPlanned } from "./planned.js";
import { allowAbsence, asked, lacking, read, Refusal } from "./rules.js";

const SUBJECTS = "subjects:";
const ROLES = { administrator: "Administrator", manager: "Manager", inspector: "Inspector", owner: "Owner" };
const DAY_PARTS = { year: "numeric", month: "2-digit", day: "2-digit" };

export class OpenVisit {
  #entries = 0;
  // Made once: asked for at every response, it would take longer than all else.
  #calendar = null;
  #asked = null;
  cells = new Map();
  photos = [];
  repeats = {};
  given = new Map();
  // What this tablet itself cannot read, by key, in words.
  refusals = new Map();
  // The page puts in here how it shows what changed at some keys, and how it goes to an item or group.
  shown = () => {};
  goTo = () => {};

  constructor(store, row, definition, who) {
    this.store = store;
    this.row = row;
    this.audit = row.id;
    this.definition = definition;
    this.who = who;
    this.services = new Set(row.services);
    const entries = definition.sections.flatMap(({ items }) => items);
    const every = entries.flatMap((entry) => [entry, ...(entry.items ?? [])]);
    this.items = new Map(every.map((item) => [item.code, item]));
  }

  // Reads anew what is kept, and shows what differs. What a person enters meanwhile is newer than what
  // was read before it, so it is read once more.
  async refresh() {
    let read;
    let before;
    do {
      before = this.#entries;
      read = await this.#read();
    } while (before !== this.#entries);
    const changed = changedKeys(this.cells, read.cells);
    Object.assign(this, read);
    for (const key of changed) this.#take(key, this.rawOf(key));
    this.#nameRepeats();
    this.shown(changed);
  }

  async #read() {
    const { store, audit } = this;
    return {
      row: (await store.read("audits", audit)) ?? this.row,
      closing: await store.read("closings", audit),
      receipt: await store.read("receipts", audit),
      cells: await cellsOf(store, audit),
      photos: await photosOf(store, audit),
    };
  }

  // The first thing entered begins a planned audit.
  async begin() {
    if (isPlanned(this.row)) this.row = await beginPlanned(this.store, this.row);
  }

  // Keeps a response; resolves once it is on the disk. Showing what follows is up to the caller.
  async record(key, raw, via) {
    await this.begin();
    const cell = await record(this.store, this.audit, key, raw, via);
    this.#entries += 1;
    this.cells.set(key, cell);
    if (key.startsWith(SUBJECTS)) this.#nameRepeats();
    else this.#take(key, raw);
  }

  // Who or what is looked at: as the server knew it, unless it was named on this tablet.
  #nameRepeats() {
    this.#asked = null;
    this.repeats = { ...this.row.repeats };
    for (const [key, { raw }] of this.cells) {
      if (key.startsWith(SUBJECTS) && raw) this.repeats[key.slice(SUBJECTS.length)] = raw.subjects;
    }
  }

  #take(key, raw) {
    this.#asked = null;
    this.given.delete(key);
    this.refusals.delete(key);
    const item = this.itemOf(key);
    if (!item) return;
    try {
      const response = read(item, raw);
      if (!response) return;
      allowAbsence(item, response, this.services);
      this.given.set(key, response);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.refusals.set(key, error.words);
    }
  }

  itemOf(key) {
    return this.items.get(key.split("@")[0]);
  }

  rawOf(key) {
    return this.cells.get(key)?.raw ?? null;
  }

  get closed() {
    return Boolean(this.closing || this.receipt) || !isRecording(this.row.state);
  }

  situation() {
    return { services: this.services, repeats: this.repeats, given: this.given };
  }

  // Worked out once for each response: much on the page follows from it.
  asked() {
    this.#asked ??= asked(this.definition, this.situation());
    return this.#asked;
  }

  // What is missing, each with the item it is missing on.
  lacks() {
    const every = new Map(this.asked().map((one) => [one.key, one]));
    const found = lacking(this.definition, this.situation(), this.photoCounts(), this.today(), this.asked());
    return found.map((lack) => {
      const one = every.get(lack.key);
      return one ? { ...lack, number: one.number, prompt: one.item.prompt, about: one.about } : lack;
    });
  }

  photoCounts() {
    const counts = new Map();
    for (const { key } of this.photos) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  }

  // The day at the site, which decides what has run out.
  today() {
    this.#calendar ??= new Intl.DateTimeFormat("en-US", { ...DAY_PARTS, timeZone: this.row.zone });
    const { year, month, day } = Object.fromEntries(
      this.#calendar.formatToParts(new Date()).map(({ type, value }) => [type, value]),
    );
    return `${year}-${month}-${day}`;
  }

  roleOf(part) {
    if (part !== "inspector") return "Person in charge";
    return this.row.kind === "inspection" ? "Inspector" : (ROLES[this.who.role] ?? "");
  }

  nameOf(part) {
    return part === "inspector" ? this.who.name : (this.row.person_in_charge ?? "");
  }
}

// What is kept is read only once, so an unchanged cell is the very same value.
function changedKeys(before, after) {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return new Set([...keys].filter((key) => before.get(key) !== after.get(key)));
}
