// Whether the journal of the server holds what a receipt says, so that it can never be denied: the
// entry keeps what it committed to, and leads to the root of a checkpoint that this tablet keeps.

const ENTRY = new Uint8Array([0]);
const NODE = new Uint8Array([1]);

// Says whether `receipt` proves its entry about `audit` (RFC 6962; the checkpoint as C2SP writes it).
export async function isEntered(receipt, audit) {
  try {
    const { entry, leaf, salt, payload, path, checkpoint } = receipt.journal;
    const said = JSON.parse(leaf);
    const committed = await digest(fromHex(salt), bytesOf(payload));
    const [, size, root] = checkpoint.split("\n");
    return (
      said.index === entry - 1 && entry === receipt.entry && said.subject === `audit/${audit}` &&
      said.commit === toHex(committed) && JSON.parse(payload).details.record === receipt.record &&
      root === toBase64(await rootOver(bytesOf(leaf), said.index, Number(size), path.map(fromHex)))
    );
  } catch {
    return false;
  }
}

// Returns the root that a leaf leads to along its path; "" where the path does not fit its place.
async function rootOver(leaf, index, size, path) {
  let [found, at, last] = [await digest(ENTRY, leaf), index, size - 1];
  if (!(at >= 0 && at <= last)) throw new Error("no such entry");
  for (const step of path) {
    // Where there is nothing to the right, a node is carried up as it is.
    while (at % 2 === 0 && at === last && last > 0) [at, last] = [at / 2, Math.floor(last / 2)];
    if (last === 0) throw new Error("the path is too long");
    found = at % 2 ? await digest(NODE, step, found) : await digest(NODE, found, step);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  if (last !== 0) throw new Error("the path is too short");
  return found;
}

async function digest(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", await new Blob(parts).arrayBuffer()));
}

const bytesOf = (text) => new TextEncoder().encode(text);
const fromHex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const toHex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const toBase64 = (bytes) => btoa(String.fromCharCode(...bytes));
