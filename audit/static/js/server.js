// Talking to the server: is it really there, who is signed in, and calls that say what went wrong.

export const PROTOCOL = 1;
const WAIT_MS = 20_000;
// A piece of a photo takes that long where a network is barely there.
const LONG_WAIT_MS = 120_000;

// A call that the server refused, or that never reached it (code "no_connection").
export class Refused extends Error {
  constructor(code, words, details = {}) {
    super(words);
    Object.assign(this, { code, words, details });
  }
}

const NO_CONNECTION = "There is no connection to the server. What you entered is kept on this tablet.";
const FAILING = "The server cannot take this in just now. It is kept on this tablet and tried again.";

async function reach(address, options = {}) {
  try {
    return await fetch(address, {
      credentials: "same-origin",
      cache: "no-store",
      // A network that wants a sign-in of its own answers with another page.
      redirect: "error",
      signal: AbortSignal.timeout(WAIT_MS),
      ...options,
    });
  } catch (error) {
    throw new Refused("no_connection", NO_CONNECTION, { cause: error.name });
  }
}

async function readJson(response) {
  try {
    return await response.json();
  } catch {
    throw new Refused("no_connection", NO_CONNECTION);
  }
}

// Asks who is signed in. Only our own server gives this reply, so it is the probe as well.
export async function askSession() {
  const response = await reach("/device/session");
  const session = response.ok ? await readJson(response) : {};
  if (session.app !== "hygiene-audit") throw new Refused("no_connection", NO_CONNECTION);
  if (session.minimum_v > PROTOCOL) throw new Refused("outdated", "This page is too old. Reload it.");
  return session;
}

// Calls the server as `session` says; resolves with its JSON, else throws Refused.
export async function call(session, method, address, { json, bytes, headers = {} } = {}) {
  const sent = { ...headers, "X-CSRFToken": session.csrf };
  if (json) sent["Content-Type"] = "application/json";
  if (bytes) sent["Content-Type"] = "application/offset+octet-stream";
  const body = json ? JSON.stringify(json) : bytes;
  const options = { method, headers: sent, body, signal: AbortSignal.timeout(LONG_WAIT_MS) };
  const response = await reach(address, method === "GET" ? {} : options);
  if (response.ok) return readJson(response);
  const problem = response.headers.get("Content-Type")?.includes("json") ? await readJson(response) : {};
  if (problem.code === "form_expired" && (await renew(session))) {
    return call(session, method, address, { json, bytes, headers });
  }
  const code = problem.code ?? (response.status >= 500 ? "failing" : "refused");
  throw new Refused(code, problem.detail ?? problem.title ?? FAILING, problem);
}

// A token can run out while the same person stays signed in: fetched anew, but only once.
async function renew(session) {
  if (session.renewed) return false;
  const { csrf, user } = await askSession();
  if (user?.id !== session.user?.id) return false;
  Object.assign(session, { csrf, renewed: true });
  return true;
}
