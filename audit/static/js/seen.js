// What people saw when they completed an audit: that, and nothing else, is what they sign.

import { plain } from "./proof.js";

// Returns what stands in an open audit, as [name, item or group, content].
export function seenIn({ given, repeats, photos }) {
  return [
    // As read: the server may write the same response in another way.
    ...[...given].map(([key, response]) => [key, key, plain(response)]),
    ...Object.entries(repeats).map(([group, subjects]) => [`subjects:${group}`, group, plain(subjects)]),
    ...photos.map(({ id, key, digest }) => [`photo:${id}`, key, digest]),
  ];
}

// Returns the item at which something else stands than was seen, null where nothing does.
export function changedSince(seen, visit) {
  const now = seenIn(visit);
  const [, item = null] = lackingIn(now, seen) ?? lackingIn(seen, now) ?? [];
  return item;
}

function lackingIn(some, others) {
  const known = new Set(others.map((one) => JSON.stringify(one)));
  return some.find((one) => !known.has(JSON.stringify(one)));
}
