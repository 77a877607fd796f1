// Seals what the tablet keeps, so that only its person can read it, and only while signed in.
//
// The name of the place is sealed along: a value put somewhere else does not open.

const WORDS = new TextEncoder();

// Returns the key as scripts may use but never read it.
export function importKey(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
}

// `value` is what JSON can say, or the bytes of a photo.
export async function seal(key, place, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = value instanceof ArrayBuffer ? value : WORDS.encode(JSON.stringify(value));
  const sealed = await crypto.subtle.encrypt(sealing(iv, place), key, plain);
  return { iv: iv.buffer, sealed };
}

export async function unseal(key, place, { iv, sealed }) {
  return crypto.subtle.decrypt(sealing(iv, place), key, sealed);
}

// Opens what JSON can say only once: a row with the iv it was opened with still says the same, since
// each sealing takes a fresh one. What it returns is shared, so nobody may change it.
export class Reader {
  #known = new Map();

  async read(key, place, row) {
    const iv = new Uint8Array(row.iv).join();
    const known = this.#known.get(place);
    if (known?.iv === iv) return known.value;
    const value = frozen(await unsealJson(key, place, row));
    this.#known.set(place, { iv, value });
    return value;
  }

  forget(place) {
    this.#known.delete(place);
  }
}

function frozen(value) {
  if (value === null || typeof value !== "object") return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

async function unsealJson(key, place, row) {
  return JSON.parse(new TextDecoder().decode(await unseal(key, place, row)));
}

function sealing(iv, place) {
  return { name: "AES-GCM", iv, additionalData: WORDS.encode(place) };
}
