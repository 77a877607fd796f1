// What people enter, kept as changes until the server has confirmed them.
//
// A response and its change are written in one transaction. A change that was never sent may still
// be replaced; once it was sent it stays as it is, and the next edit names it as its parent.

export const cellId = (audit, key) => `${audit}:${key}`;

// Keeps a new audit; the server hears of it with the first change.
export async function startAudit(store, plan) {
  const { site, page, kind, person_in_charge, present } = plan;
  const startedAt = new Date().toISOString();
  const id = crypto.randomUUID();
  const { code, version, pack, pack_version, digest } = page;
  const create = {
    site: site.id, kind, code, version, pack, pack_version, digest,
    person_in_charge, present, started_at: startedAt, subjects: site.subjects,
  };
  const audit = {
    id, kind, digest, person_in_charge, create,
    known: false,
    number: null,
    revision: 0,
    state: "in_progress",
    started_at: startedAt,
    page: page.page,
    site: site.id,
    site_name: site.name,
    zone: site.zone,
    services: site.services,
    repeats: site.subjects,
  };
  await store.write([{ store: "audits", id, value: audit }]);
  return audit;
}

// Keeps `raw` as the response under `key`; resolves with its cell once both are on the disk.
export function record(store, audit, key, raw, via) {
  return store.inTurn(audit, async () => {
    const before = await store.read("cells", cellId(audit, key));
    const settling = before?.state === "conflict";
    if (before && !settling && same(before.raw, raw)) return before;
    const change = await nextChange(store, audit, key, raw, via, before);
    const cell = { key, raw, change: change.id, parent: change.parent, state: "here", at: change.at };
    await store.write([
      { store: "cells", id: cellId(audit, key), audit, value: cell },
      { store: "outbox", id: change.id, audit, value: change },
    ]);
    return cell;
  });
}

async function nextChange(store, audit, key, raw, via, before) {
  const at = new Date().toISOString();
  const waiting = before && (await store.read("outbox", before.change));
  if (waiting && !waiting.sent) return { ...waiting, raw, at, via };
  const settles = before?.state === "conflict" ? [before.change] : [];
  return { id: crypto.randomUUID(), audit, key, raw, parent: parentOf(before), at, via, settles, sent: 0 };
}

// What the person saw as current: theirs, or the one that stayed when theirs was set aside.
function parentOf(cell) {
  if (!cell) return null;
  if (cell.state === "conflict") return cell.kept.change;
  return cell.state === "refused" ? cell.parent : cell.change;
}

function same(one, other) {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(raw) {
  return raw && Object.fromEntries(Object.entries(raw).sort(([one], [other]) => (one < other ? -1 : 1)));
}

// Returns the cells of an audit by key.
export async function cellsOf(store, audit) {
  const cells = await store.readAll("cells", audit);
  return new Map(cells.map((cell) => [cell.key, cell]));
}

// Keeps a photo with its small picture; `drawnOn` names the photo it is a drawing on.
export async function addPhoto(store, audit, key, photo) {
  const { bytes, thumbnail, digest, width, height, takenAt, drawnOn = null } = photo;
  const id = crypto.randomUUID();
  const size = bytes.byteLength;
  const file = { id, audit, key, digest, size, width, height, takenAt, drawnOn, state: "here", removed: false };
  await store.write([
    { store: "files", id, audit, value: file },
    { store: "bytes", id, audit, value: bytes },
    { store: "thumbs", id, audit, value: thumbnail },
  ]);
  return file;
}

// Takes a photo away. Its bytes stay until the audit is received, so that it can be put back.
export function removePhoto(store, audit, id) {
  return store.inTurn(audit, async () => {
    const file = await store.read("files", id);
    const change = {
      id: crypto.randomUUID(), audit, key: `photo:${id}`, raw: { removed: true },
      parent: null, at: new Date().toISOString(), via: "tap", settles: [], sent: 0,
    };
    const taken = { ...file, removed: true };
    const writes = [{ store: "files", id, audit, value: taken }];
    // The server need not hear of a photo that it never heard of.
    if (file.state !== "here") {
      const cell = { key: change.key, raw: change.raw, change: change.id, parent: null, state: "here", at: change.at };
      writes.push(
        { store: "outbox", id: change.id, audit, value: change },
        { store: "cells", id: cellId(audit, change.key), audit, value: cell },
      );
    }
    await store.write(writes);
  });
}

// Puts a photo back that was taken away: as a new one, since a removal that was sent stays.
export async function putBackPhoto(store, audit, id) {
  const file = await store.read("files", id);
  const [bytes, thumbnail] = await Promise.all([bytesOf(store, id), thumbnailOf(store, id)]);
  return addPhoto(store, audit, file.key, { ...file, bytes, thumbnail });
}

// Returns the photos of an audit that were not taken away, in order.
export async function photosOf(store, audit) {
  const files = await store.readAll("files", audit);
  return files.filter(({ removed }) => !removed);
}

export const bytesOf = (store, id) => store.read("bytes", id);
export const thumbnailOf = (store, id) => store.read("thumbs", id);

// Completes an audit on this tablet: {completedAt, seen, signatures, alone}. The server hears of it
// when it is handed in. `before` is the very row that this follows, null where there was none:
// another tab may have gone further meanwhile, and nothing is written over what was signed there.
export function close(store, audit, closing, before) {
  return store.inTurn(audit, async () => {
    await insistCurrent(store, audit, before);
    await store.write([{ store: "closings", id: audit, value: { ...closing, audit } }]);
  });
}

// Opens an audit again. What was signed or refused counts no more, and the server is told of it.
export function reopen(store, audit, before) {
  return store.inTurn(audit, async () => {
    await insistCurrent(store, audit, before);
    const row = await store.read("audits", audit);
    const { completedAt, signatures } = before;
    const told = { completed_at: completedAt, opened_at: new Date().toISOString(), signatures };
    const discarded = signatures.length ? [...(row.discarded ?? []), told] : row.discarded;
    await store.write([
      { store: "audits", id: audit, value: { ...row, discarded } },
      { store: "closings", id: audit, gone: true },
    ]);
  });
}

async function insistCurrent(store, audit, before) {
  if (((await store.read("closings", audit)) ?? null) !== before) throw new Overtaken();
}

// Something else was kept meanwhile than the page showed; its message can be shown as it is.
export class Overtaken extends Error {
  constructor() {
    super("This audit was completed, signed or opened again on another page meanwhile. Look at it once more.");
  }
}

// Returns what the server has not confirmed, and since when the oldest of it waits.
export async function pending(store, audit) {
  const [changes, files, audits, closings] = await Promise.all([
    store.readAll("outbox", audit),
    store.readAll("files", audit),
    store.readAll("audits", audit),
    store.readAll("closings", audit),
  ]);
  const photos = files.filter(isWaiting);
  const started = audits.filter(({ known, create }) => create && !known).map((one) => one.started_at);
  const ended = closings.map(({ completedAt }) => completedAt);
  const taken = photos.map(({ takenAt }) => takenAt);
  const since = [...changes.map(({ at }) => at), ...taken, ...started, ...ended].sort();
  const counts = { changes: changes.length, photos: photos.length, closings: closings.length };
  return { ...counts, oldest: since[0] ?? null };
}

export const isWaiting = ({ state, removed }) => ["here", "sent"].includes(state) && !removed;
