// Who uses this tablet: asked of the server where it can be reached, else remembered.

import { askSession, Refused } from "./server.js";
import { forgetKey, recallWho, rememberWho } from "./store.js";

// Other tabs must not go on showing what belongs to someone who has signed out.
const door = new BroadcastChannel("hygiene-door");
door.onmessage = () => location.reload();

// Returns {person, name, role, organisation, demo} or null. A sign-in that ended by itself changes nothing: work
// goes on, and handing in asks for a new one. Only signing out makes a tablet forget.
export async function knowWho() {
  const known = await recallWho();
  try {
    const { user, key } = await askSession();
    if (!user || user.id === known?.person) return known;
    const { id: person, ...rest } = user;
    await rememberWho({ person, ...rest, key });
    return await recallWho();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return known;
  }
}

// A tablet's pages are printed for nobody, so only here is it known that the data are made up.
export function sayDemo(who) {
  document.querySelector("[data-demo]").hidden = !who?.demo;
}

// Signing out: the pages kept here go, and what is not sent stays behind without its key.
export async function signOutHere() {
  await forgetKey();
  door.postMessage("signed out");
  for (const name of await caches.keys()) await caches.delete(name);
}

// Returns who opens a page, without waiting for a network where the tablet knows already. Should
// someone else have signed in meanwhile, the page opens anew, as theirs.
export async function whoOpens() {
  const known = await recallWho();
  const asked = knowWho();
  const who = known ?? (await asked);
  sayDemo(who);
  asked.then((now) => {
    if (known && now?.person !== known.person) location.reload();
  });
  return who;
}
