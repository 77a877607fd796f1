// One line that says how safe the work is, in words, and no more often than one can listen.

import { heedState, kick } from "./sync.js";
import { heedKeeper } from "./keeper.js";
import { steadily } from "./steady.js";

const DAY_MS = 86_400_000;
const PAUSE_MS = 2_000;
const WHY = {
  none: "no connection",
  failing: "the server does not answer as it should; it is tried again",
  outdated: "this page is too old: reload it",
  other_user: "someone else is signed in; it goes out when its author is",
};

let notSaved = 0;
let again = () => {};

// Says that `count` responses of this page are not on the disk, until there are none.
export function sayNotSaved(count) {
  if (count === notSaved) return;
  notSaved = count;
  again();
}

// Fills `place`, and offers what to do: try now, sign in, switch to a new version.
export function startStatus(place) {
  const words = document.createElement("span");
  const act = document.createElement("button");
  act.type = "button";
  act.className = "button plain";
  place.replaceChildren(words, act);
  let latest = null;
  let fresh = null;
  let timer = 0;

  // The line can become two, with a button beside it.
  const show = () => steadily(showNow);
  const showNow = () => {
    timer = 0;
    const said = notSaved ? lost(notSaved) : sentence(latest);
    if (words.textContent !== said.words) words.textContent = said.words;
    place.dataset.tone = said.tone;
    const safe = !notSaved && !latest.unsent && !latest.closings && latest.connection !== "unknown";
    const offer = fresh && safe ? NEW_VERSION : said.offer;
    act.hidden = !offer;
    act.textContent = offer?.words ?? "";
    act.onclick = () => (offer === NEW_VERSION ? fresh() : offer.act());
  };
  const later = () => {
    timer ||= setTimeout(show, PAUSE_MS);
  };
  again = later;
  heedState((state) => {
    // Nobody may read "not handed in" beside "received".
    const now = latest === null || (latest.closings && !state.closings);
    latest = state;
    if (now) show();
    else later();
  });
  heedKeeper((change) => {
    fresh = change;
    later();
  });
}

const NEW_VERSION = { words: "New version ready: switch" };
const SIGN_IN = {
  words: "Sign in",
  act: () => location.assign(`/login?next=${encodeURIComponent(location.pathname + location.hash)}`),
};
const NOW = { words: "Try now", act: kick };
// Before the first try nobody knows.
const SENDS = ["ok", "unknown"];

function sentence({ connection, unsent, closings, oldest, sending }) {
  if (!unsent && closings) {
    const which = closings === 1 ? "An audit is" : `${closings} audits are`;
    return { words: `${which} completed on this tablet, and not handed in yet.`, tone: "warn" };
  }
  if (!unsent && connection === "unknown") return { words: "Checking whether everything is sent …", tone: "plain" };
  if (!unsent) {
    const words = connection === "ok" ? "Everything is sent and confirmed." : "Everything is kept on this tablet and sent.";
    return connection === "sign_in" ? asked("Signed out. Everything is sent.") : { words, tone: "good" };
  }
  const count = `Saved on this tablet. ${unsent} not sent yet`;
  if (sending && SENDS.includes(connection)) return { words: `${count}: sending …`, tone: "plain" };
  if (connection === "sign_in") return asked(`${count}: please sign in.`);
  const why = WHY[connection];
  const old = oldest && Date.now() - Date.parse(oldest) > DAY_MS;
  const words = `${count}${why ? `: ${why}` : ""}.`;
  const late = `${words} The oldest waits for more than a day.`;
  return { words: old ? late : words, tone: old ? "bad" : "plain", offer: SENDS.includes(connection) ? null : NOW };
}

function lost(count) {
  const what = count === 1 ? "1 response is" : `${count} responses are`;
  return { words: `NOT SAVED: ${what} not on this tablet. Do not leave this page.`, tone: "bad" };
}

function asked(words) {
  return { words, tone: "warn", offer: SIGN_IN };
}
