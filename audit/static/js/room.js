// Whether the disk takes anything more: tried in a file of its own, away from what is kept.
//
// Not tried in a cache: on a full disk Chromium can leave a write to one unanswered, and after it
// every cache of the site until the browser starts anew.

const NAME = "hygiene-room";
const TURN = "hygiene-room";

// Resolves where there is room, rejects where there is none. A browser that writes no such files has
// no log that tears either, so there it is not asked.
export function insistRoom() {
  if (!window.FileSystemFileHandle?.prototype.createWritable) return Promise.resolve();
  return navigator.locks.request(TURN, write);
}

async function write() {
  const folder = await navigator.storage.getDirectory().catch(refused);
  if (!folder) return;
  const some = crypto.getRandomValues(new Uint8Array(65_536));
  try {
    const file = await folder.getFileHandle(NAME, { create: true });
    const writing = await file.createWritable();
    for (let count = 0; count < 4; count += 1) await writing.write(some);
    await writing.close();
  } finally {
    // Where not even this works, the next try writes over it.
    await folder.removeEntry(NAME).catch(() => {});
  }
}

// A private window may not ask.
function refused(error) {
  if (error.name !== "SecurityError") throw error;
}
