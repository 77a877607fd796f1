// Photos of items: taken in one after the other, made small beside the page, kept on the tablet.

import { drawOn } from "./annotate.js";
import { addPhoto, bytesOf, putBackPhoto, removePhoto, thumbnailOf } from "./outbox.js";
import { filled } from "./pieces.js";
import { startWorker } from "./workers.js";

const UNREADABLE = "This file cannot be read as a photo. Choose a JPEG, or take the photo here.";

// Makes photos small in a worker; `take(file, strokes)` resolves to what addPhoto keeps.
class Darkroom {
  #worker = null;
  #waiting = new Map();
  #last = Promise.resolve();

  // One at a time: several large photos at once would be more than a tablet's memory.
  take(file, strokes = null) {
    this.#last = this.#last.catch(() => {}).then(() => this.#develop(file, strokes));
    return this.#last;
  }

  #develop(file, strokes) {
    this.#worker ??= this.#open();
    const id = crypto.randomUUID();
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, file, strokes });
    });
  }

  #open() {
    const worker = startWorker("photo-worker.js");
    worker.addEventListener("message", ({ data: { id, made, failed, words } }) => {
      const { resolve, reject } = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (failed) reject(new Error(words ?? UNREADABLE));
      else resolve(made);
    });
    // Out of memory, most likely: the next photo gets a fresh one.
    worker.addEventListener("error", () => {
      for (const { reject } of this.#waiting.values()) reject(new Error(UNREADABLE));
      this.#waiting.clear();
      worker.terminate();
      this.#worker = null;
    });
    return worker;
  }
}

// Lets every photo input of the page take photos into the open audit, and shows those kept.
export function startPhotos(visit, undo) {
  const room = new Darkroom();
  document.addEventListener("change", (event) => {
    const input = event.target.closest("input[data-photo]");
    if (input) takeIn(visit, room, input);
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target.closest("button[data-act]");
    const shown = pressed?.closest("[data-photo-id]");
    if (!shown) return;
    const key = shown.closest("[data-asked]").id;
    if (pressed.dataset.act === "draw") annotate(visit, room, key, shown.dataset.photoId);
    if (pressed.dataset.act === "remove") remove(visit, undo, key, shown.dataset.photoId, event);
  });
  return { show: () => showAll(visit) };
}

const STATES = { here: "On this tablet", sent: "Sending", confirmed: "Confirmed", refused: "Not accepted" };
const addresses = new Map();

function showAll(visit) {
  for (const list of document.querySelectorAll("[data-photos]")) {
    const item = list.closest("[data-asked]").id;
    showThose(visit, list, visit.photos.filter(({ key }) => key === item));
  }
}

async function showThose(visit, list, photos) {
  const says = photos.length ? JSON.stringify([visit.closed, photos.map(({ id, state }) => [id, state])]) : "";
  if ((list.dataset.says ?? "") === says) return;
  list.dataset.says = says;
  const rows = await Promise.all(photos.map((photo, place) => shown(visit, photo, place)));
  // Newer news may have been quicker.
  if (list.dataset.says === says) list.replaceChildren(...rows);
}

async function shown(visit, photo, place) {
  const piece = filled("piece-photo", { state: photo.words ?? STATES[photo.state] });
  const row = piece.querySelector("li");
  row.dataset.photoId = photo.id;
  const picture = row.querySelector("img");
  const drawn = photo.drawnOn ? ", drawn on" : "";
  picture.alt = `Photo ${place + 1}${drawn}`;
  picture.src = await addressOf(visit, photo.id);
  for (const button of row.querySelectorAll("button")) button.disabled = visit.closed;
  return piece;
}

// A photo taken on another device shows where there is a network.
async function addressOf(visit, id) {
  if (addresses.has(id)) return addresses.get(id);
  const bytes = await thumbnailOf(visit.store, id);
  if (!bytes) return `/audits/${visit.audit}/photos/${id}.jpg`;
  const address = URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" }));
  addresses.set(id, address);
  return address;
}

async function takeIn(visit, room, input) {
  const item = input.closest("[data-asked]");
  // The list empties with the input, which is free for the next photo at once.
  const files = [...input.files];
  input.value = "";
  const failed = [];
  for (const [place, file] of files.entries()) {
    const which = files.length > 1 ? ` ${place + 1} of ${files.length}` : "";
    say(item, `Keeping photo${which} …`);
    try {
      const made = await room.take(file);
      await visit.begin();
      await addPhoto(visit.store, visit.audit, item.id, { ...made, takenAt: new Date().toISOString() });
      await visit.refresh();
    } catch (error) {
      // The photos after it are tried all the same.
      failed.push(`${file.name}: ${error.message}`);
    }
  }
  say(item, failed.join(" "), failed.length > 0);
}

async function annotate(visit, room, key, id) {
  const original = await originalOf(visit, id);
  if (!original) return say(document.getElementById(key), "This photo is not on this tablet.", true);
  const address = URL.createObjectURL(original);
  const strokes = await drawOn(address, "the photo");
  URL.revokeObjectURL(address);
  if (!strokes?.length) return undefined;
  const item = document.getElementById(key);
  try {
    const made = await room.take(original, strokes);
    const takenAt = new Date().toISOString();
    await addPhoto(visit.store, visit.audit, key, { ...made, takenAt, drawnOn: id });
    say(item, "");
  } catch (error) {
    say(item, error.message, true);
  }
  return visit.refresh();
}

async function originalOf(visit, id) {
  const bytes = await bytesOf(visit.store, id);
  return bytes && new Blob([bytes], { type: "image/jpeg" });
}

async function remove(visit, undo, key, id, press) {
  const isHere = Boolean(await originalOf(visit, id));
  try {
    await removePhoto(visit.store, visit.audit, id);
    const back = async () => {
      await putBackPhoto(visit.store, visit.audit, id);
      await visit.refresh();
    };
    if (isHere) undo.offer("Photo taken away", back, press);
  } catch (error) {
    say(document.getElementById(key), error.message, true);
  }
  await visit.refresh();
}

function say(item, words, wrong = false) {
  const line = item.querySelector("[data-photo-state]");
  line.textContent = words;
  line.classList.toggle("error", wrong);
}
