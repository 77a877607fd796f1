// Makes the browser begin a new log for what it keeps, before anything is written to it.
//
// A full disk or a kill can cut off the last entry of the log. Chromium goes on writing behind it
// and, at its next start, takes all of it for damaged and deletes every database (LevelDB issue
// 1287). Deleting a database is the one act of a page after which it begins another log.

import { insistRoom } from "./room.js";

const NAME = "hygiene-settling";
const NOT_SAVED = "This could not be kept on the tablet. Look whether it is full, then try again.";

// What did not reach the disk; its message can be shown as it is.
export class NotSaved extends Error {
  constructor(cause) {
    super(NOT_SAVED, { cause });
  }
}

let settled = null;
let torn = false;

// Resolves once a whole log is written to; rejects with NotSaved where the disk does not take it.
export function settle() {
  settled ??= begin().catch((error) => {
    settled = null;
    throw new NotSaved(error);
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
  // Where the disk is still full, even trying would tear the log once more.
  await insistRoom();
  const made = await done(indexedDB.open(NAME, 1));
  made.close();
  await done(indexedDB.deleteDatabase(NAME));
  torn = false;
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
