// What stands at each item about its response: how it is kept, what went wrong, what was found.

import { filled } from "./pieces.js";
import { judge, read, say } from "./rules.js";

const STATES = {
  here: ["here", "On this tablet"],
  sent: ["sent", "Sent"],
  confirmed: ["confirmed", "Confirmed"],
  conflict: ["aside", "Two responses"],
  refused: ["wrong", "Not accepted"],
  locked: ["aside", "Set aside"],
  quarantined: ["aside", "Set aside"],
};
const ASIDE = {
  locked: "This audit was completed before this reached it. It is kept for the manager to look at.",
  quarantined: "Your account may no longer record here. This is kept for the manager to look at.",
};
const SEVERITIES = { critical: "Critical finding.", major: "Major finding.", minor: "Minor finding." };

// Shows at `element` where its response stands; `failure` is why it could not be kept.
export function mark(visit, element, failure) {
  const cell = visit.cells.get(element.id);
  showState(element.querySelector("[data-state]"), cell, failure);
  const pieces = troubles(visit, element.id, cell, failure);
  const place = element.querySelector("[data-trouble]");
  const words = pieces.map((piece) => piece.textContent).join("");
  // What stands there already stays, so that no one hears it twice.
  if (place.dataset.says !== words) {
    place.dataset.says = words;
    place.replaceChildren(...pieces);
  }
  element.classList.toggle("wrong", Boolean(failure) || Boolean(refusalOf(visit, element.id, cell)));
  element.querySelector("[data-act=clear]").hidden = visit.closed || !cell?.raw;
}

function showState(place, cell, failure) {
  // A response taken back looks like one never given, unless something about it needs a look.
  const settled = !cell || (!cell.raw && ["here", "sent", "confirmed"].includes(cell.state));
  const stands = settled ? ["", ""] : STATES[cell.state];
  const [shape, words] = failure ? ["wrong", "NOT SAVED"] : stands;
  if (place.dataset.shape === shape && place.textContent === words) return;
  place.dataset.shape = shape;
  place.replaceChildren();
  if (!words) return;
  const icons = document.querySelector("#piece-icons").content;
  place.append(icons.querySelector(`[data-icon=${shape}]`).firstElementChild.cloneNode(true), words);
}

function refusalOf(visit, key, cell) {
  return visit.refusals.get(key) ?? (cell?.state === "refused" ? cell.words : "");
}

function troubles(visit, key, cell, failure) {
  const pieces = [];
  if (failure) pieces.push(filled("piece-not-saved", { words: failure }));
  const refusal = refusalOf(visit, key, cell);
  if (refusal) pieces.push(filled("piece-refused", { words: refusal }));
  if (ASIDE[cell?.state]) pieces.push(filled("piece-aside", { words: ASIDE[cell.state] }));
  if (cell?.state === "conflict") pieces.push(conflict(visit.itemOf(key), cell));
  const found = finding(visit, key);
  if (found) pieces.push(filled("piece-finding", found));
  return pieces;
}

// The finding that the response at `key` raises, in words; null where it raises none.
export function finding(visit, key) {
  const item = visit.itemOf(key);
  const response = visit.given.get(key);
  if (!item?.scored || !response || response.absent) return null;
  const standing = judge(item, response.parts, visit.today());
  if (standing !== "not_met" && standing !== "partly_met") return null;
  const order = response.corrected ? "Put right during the visit." : item.order || "It goes into the report.";
  return { name: SEVERITIES[item.severity], words: order };
}

function conflict(item, { raw, kept }) {
  return filled("piece-conflict", {
    mine: inWords(item, raw),
    theirs: inWords(item, kept.raw),
    by: [kept.by || "Someone else", kept.at && clock(kept.at)].filter(Boolean).join(", "),
  });
}

function clock(at) {
  return new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

function inWords(item, raw) {
  if (!raw) return "Not answered";
  const response = readOrNull(item, raw);
  const said = response ? say(item, response) : (raw.value ?? "Not readable");
  return raw.comment ? `${said}: “${raw.comment}”` : said;
}

// What the other side could not read stays readable here, as it was typed.
function readOrNull(item, raw) {
  try {
    return read(item, raw);
  } catch {
    return null;
  }
}
