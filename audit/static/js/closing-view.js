// Fills the templates of the closing pages.

import { filled } from "./pieces.js";
import { say } from "./saying.js";

const OUTCOMES = {
  pass: ["good", "Pass"],
  pass_with_conditions: ["warn", "Pass with conditions"],
  fail: ["bad", "Fail"],
  closed: ["bad", "Closed"],
};
const SEVERITIES = { critical: ["bad", "Critical"], major: ["warn", "Major"], minor: ["plain", "Minor"] };

export function missingRow(lack, open) {
  const name = lack.number ? `${lack.number} ${lack.prompt}` : lack.words;
  const more = lack.number ? [lack.about, lack.words].filter(Boolean).join(": ") : "";
  const row = filled("closing-missing-row", { name, words: more });
  row.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
  return row;
}

export function fillOutcome(page, code) {
  const [tone, word] = OUTCOMES[code];
  page.querySelector("[data-outcome]").classList.add(tone);
  page.querySelector("[data-verdict]").textContent = word;
}

export function fillFinding(one, visit) {
  const response = visit.situation().given.get(one.key);
  const [tone, word] = SEVERITIES[one.severity];
  const row = filled("closing-finding", {
    severity: word,
    name: one.item.prompt,
    words: [one.number, one.about].filter(Boolean).join(", "),
    said: response ? say(one.item, response) : "",
    order: one.corrected ? "" : one.item.order,
    comment: response?.comment ? `“${response.comment}”` : "",
  });
  row.querySelector("[data-severity]").classList.add(tone);
  row.querySelector("[data-corrected]").hidden = !one.corrected;
  return row;
}

export function fillSigned(signature) {
  const said = signature.refused ? `Refused to sign: ${signature.reason}` : "Signed";
  return filled("closing-signed", { name: signature.name, words: `${signature.role}. ${said}` });
}

// Names the item `key` as people know it.
export function nameOf(visit, key) {
  const one = visit.asked().find((each) => each.key === key);
  return one ? [`${one.number} ${one.item.prompt}`, one.about].filter(Boolean).join(", ") : "what is looked at there";
}

// What of this tablet counts nowhere and waits for a manager, in words.
export function sayAside(counts) {
  const said = Object.entries(counts)
    .filter(([, count]) => count)
    .map(([word, count]) => `${count} ${count === 1 ? word.slice(0, -1) : word}`);
  if (!said.length) return "Everything from here is part of it.";
  const last = said.pop();
  return `Set aside for the manager: ${[said.join(", "), last].filter(Boolean).join(" and ")} from here.`;
}
