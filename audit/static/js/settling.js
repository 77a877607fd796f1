// Makes the browser begin a new log for what it keeps, before anything is written to it.
//
// A full disk or a kill can cut off the last entry of the log. Chromium goes on writing behind it
// and, at its next start, takes all of it for damaged and deletes every database (LevelDB issue
// 1287). Deleting a database is the one act of a page after which it begins another log.

const NAME = "hygiene-settling";

let settled = null;
let torn = false;

// Resolves once a whole log is written to; rejects where the disk does not take it.
export function settle() {
  settled ??= begin().catch((error) => {
    settled = null;
    throw error;
  });
  return settled;
}

// A write failed, so that the log may be torn by now.
export function unsettle() {
  settled = null;
  torn = true;
}

// Resolves once a database may be opened: opening a torn one can be enough for the browser to write.
export async function mend() {
  if (torn) await settle();
}

async function begin() {
  await insistRoom();
  const made = await done(indexedDB.open(NAME, 1));
  made.close();
  await done(indexedDB.deleteDatabase(NAME));
  torn = false;
}

// Where the disk is still full, even trying would tear the log once more. Caches lie elsewhere.
async function insistRoom() {
  const some = crypto.getRandomValues(new Uint8Array(65_536));
  const room = new Blob([some, some, some, some]);
  try {
    const cache = await caches.open(NAME);
    await cache.put(`/${NAME}`, new Response(room));
    const kept = await (await cache.match(`/${NAME}`))?.blob();
    if (kept?.size !== room.size) throw new DOMException("The disk is full.", "QuotaExceededError");
  } finally {
    await caches.delete(NAME);
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
