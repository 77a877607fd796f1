// Hands audits in: nothing is deleted here before the server's receipt is what this tablet worked
// out itself.

import { isEntered } from "./entered.js";
import { exchange, oneTab, open, pull } from "./exchange.js";
import { forget, heldOf } from "./forgetting.js";
import { NOT_KEPT, insistKept, insistSent, isSame, whatIsHere } from "./proof.js";
import { call, PROTOCOL, Refused } from "./server.js";
import { deviceId } from "./store.js";
import { tellUnsent } from "./sync.js";

const MOST_DISCARDED = 20;

// Hands a completed audit in. Returns the receipt once it is proven; throws Refused with words.
// `insistSeen` returns what was completed, unless something else stands here than people saw.
export async function handIn(store, audit, password, insistSeen) {
  const receipt = await oneTab(store, async () => {
    const session = await open(store);
    await exchange(store, session, audit);
    const closing = await insistSeen();
    const held = await heldOf(store, audit);
    await insistSent(store, audit);
    const expected = await whatIsHere(store, audit);
    const { discarded = [] } = await store.read("audits", audit);
    const json = {
      v: PROTOCOL, id: audit, device: await deviceId(), user: session.user.id,
      clock: new Date().toISOString(), ...expected, completed_at: closing.completedAt, password,
      signatures: closing.signatures, discarded: discarded.slice(-MOST_DISCARDED),
    };
    const answer = await call(session, "POST", `/device/audits/${audit}/hand-in`, { json });
    if (!isSame(answer, expected) || answer.signatures === "kept") await insistOurs(store, session, closing);
    if (!(await isEntered(answer, audit))) throw new Refused("not_entered", NOT_KEPT);
    await forget(store, audit, answer, held);
    return answer;
  });
  await tellUnsent(store);
  return receipt;
}

// The audit was closed before by someone else, so that the server kept these signatures aside.
async function insistOurs(store, session, closing) {
  await pull(store, session, closing.audit);
  await store.write([{ store: "closings", id: closing.audit, value: { ...closing, brought: true } }]);
  throw new Refused("closed_elsewhere", "This audit was completed elsewhere before. What you signed is kept for the manager.");
}

// Puts away an audit that was closed elsewhere, once the server has told word for word what it
// keeps of it; throws Refused with words while something is not there.
export async function putAway(store, audit) {
  await oneTab(store, async () => {
    const session = await open(store);
    await exchange(store, session, audit);
    await pull(store, session, audit);
    const kept = await call(session, "GET", `/device/audits/${audit}/kept`);
    await store.inTurn(audit, async () => {
      const held = await heldOf(store, audit);
      await forget(store, audit, await insistKept(store, audit, kept), held);
    });
  });
  await tellUnsent(store);
}
