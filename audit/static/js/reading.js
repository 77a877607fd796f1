// Reads the response to an item from what a form holds or the server sent, kind by kind.

import { amount, compare, fraction } from "./amounts.js";
import {
  counted, linesOf, readCount, readDate, readMoment, readNumber, readText, refuse, strip, visible, wordsOf,
} from "./texts.js";

const BESIDE = ["absent", "reason", "comment", "method", "corrected"];
const ABSENCES = ["na", "not_observed"];
const METHODS = ["observed", "record", "interview", "measured"];
const YES = ["true", "yes", "on", "1", "y"];
const NO = ["", "false", "no", "off", "0", "n"];
const HOTTEST = 300;
const A_DAY = 1440;
const MOST_READINGS = 2000;
const ON_CURVE = [["°C", HOTTEST], ["kPa", 1000]];

const CHECKS = {
  compliance: checkCompliance,
  choice: checkChoice,
  number: checkReading,
  duration: checkReading,
  moment: (item, { value }) => ({ value: item.time ? readMoment(value) : readDate(value) }),
  tally: checkTally,
  cycle: checkCycle,
  document: checkDocument,
  photos: (item, { value }) => ({ value: String(readCount(value)) }),
};

// The response in `raw`, as the form sends it; null when nothing was given, whatever was written
// beside it. A Refusal says what to mend. `allowAbsence` is the other half of what a server checks.
export function read(item, raw) {
  if (raw === null) return null;
  const names = item.parts.map(({ name }) => name);
  const texts = Object.fromEntries([...names, ...BESIDE].map((name) => [name, plain(raw, name)]));
  const absent = readAbsent(texts);
  const filled = names.filter((name) => texts[name]);
  if (!absent && !filled.length) return null;
  if (!absent && names.includes("value") && !texts.value) {
    refuse("Fill in the response.", "value_missing");
  }
  const given = Object.fromEntries(filled.map((name) => [name, texts[name]]));
  return {
    parts: absent ? {} : check(item, given),
    absent,
    reason: readText(texts.reason, 1000),
    comment: readText(texts.comment),
    method: readMethod(texts.method),
    corrected: readCorrected(texts.corrected),
  };
}

// The raw form of a response as it is kept; `read` takes it back unchanged.
export function stored({ parts, corrected, ...beside }) {
  const said = Object.entries(beside).filter(([, text]) => text);
  return { ...parts, ...Object.fromEntries(said), ...(corrected ? { corrected } : {}) };
}

// Refuses "not applicable" where the item's policy forbids it at a site with these services.
export function allowAbsence(item, response, services) {
  if (response.absent !== "na" || item.na === "allowed") return;
  if (item.na === "forbidden") {
    refuse("This applies to every site. Respond, or choose not observed.", "na_forbidden");
  }
  if (services.has(item.service)) {
    const service = item.service.replaceAll("_", " ");
    refuse(`This site offers ${service}, so this applies here.`, "na_forbidden");
  }
}

function plain(raw, name) {
  const value = Object.hasOwn(raw, name) ? raw[name] : "";
  return Array.isArray(value) ? value.map(plainOne).join(" ") : plainOne(value);
}

function plainOne(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null || value === undefined) return "";
  if (typeof value !== "string" && !Number.isSafeInteger(value)) {
    refuse("This must be text.", "not_text");
  }
  return strip(visible(String(value)));
}

// A compliance item offers its absences as buttons beside yes and no, under the same name.
function readAbsent(texts) {
  const found = [texts.absent, texts.value].find((text) => ABSENCES.includes(text));
  if (!found && texts.absent) refuse("Choose not applicable or not observed.", "not_a_choice");
  return found ?? null;
}

function readMethod(text) {
  if (text && !METHODS.includes(text)) {
    refuse("Choose how this was seen from the list.", "not_a_method");
  }
  return text || null;
}

function readCorrected(text) {
  if (!YES.includes(text) && !NO.includes(text)) {
    refuse("Say yes or no to “corrected during the visit”.", "not_a_choice");
  }
  return YES.includes(text);
}

function check(item, parts) {
  if (CHECKS[item.kind]) return CHECKS[item.kind](item, parts);
  return Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, readText(text)]));
}

function checkCompliance(item, parts) {
  if (!["yes", "no"].includes(parts.value)) refuse("Choose yes or no.", "not_a_choice");
  return parts;
}

function checkChoice(item, { value }) {
  const chosen = wordsOf(value);
  const known = item.options.map(({ code }) => code);
  if (!chosen.every((code) => known.includes(code))) {
    refuse("Choose from the list.", "not_a_choice");
  }
  if (chosen.length > 1 && !item.several) refuse("Choose one only.", "one_choice_only");
  return { value: known.filter((code) => chosen.includes(code)).join(" ") };
}

function checkReading(item, parts) {
  const value = readNumber(parts.value, item.unit);
  if (isBelow(value, item.lowest) || isBelow(item.highest, value)) {
    const bounds = `from ${item.lowest} to ${item.highest}`;
    refuse(`${value} ${item.unit} is not possible here: ${bounds}.`, "out_of_range");
  }
  return parts.instrument ? { value, instrument: readText(parts.instrument, 80) } : { value };
}

function isBelow(text, bound) {
  return compare(amount(text), amount(bound)) < 0;
}

function checkTally(item, { done = "", missed = "" }) {
  const counts = { done: readCount(done), missed: readCount(missed) };
  if (counts.done + counts.missed === 0) {
    refuse("Count at least one, or choose not observed.", "no_opportunity");
  }
  return { done: String(counts.done), missed: String(counts.missed) };
}

function checkCycle(item, parts) {
  const kept = {
    number: readText(parts.number ?? "", 40),
    started_at: readMoment(parts.started_at ?? ""),
    celsius: readNumber(parts.celsius ?? "", "°C"),
    minutes: readNumber(parts.minutes ?? "", "minutes"),
  };
  if (!isWithin(kept.celsius, HOTTEST)) {
    refuse(`A cycle is between 0 and ${HOTTEST} °C.`, "out_of_range");
  }
  if (!isWithin(kept.minutes, A_DAY) || amount(kept.minutes).top === 0n) {
    refuse(`Exposure is more than 0 and at most ${counted(A_DAY)} minutes.`, "out_of_range");
  }
  return parts.points ? { ...kept, points: readCurve(parts.points) } : kept;
}

function isWithin(text, most) {
  const number = amount(text);
  return number.top >= 0n && compare(number, fraction(BigInt(most), 1n)) <= 0;
}

function checkDocument(item, parts) {
  const kept = { value: readText(parts.value, 120) };
  return parts.expires_on ? { ...kept, expires_on: readDate(parts.expires_on) } : kept;
}

// The printed curve of a cycle: lines "second;celsius" or "second;celsius;kilopascal".
function readCurve(text) {
  const lines = linesOf(text);
  if (lines.length > MOST_READINGS) {
    refuse(`A curve has at most ${counted(MOST_READINGS)} readings.`, "too_long");
  }
  let last = -1;
  const kept = lines.map((line) => {
    const [second, ...readings] = line.split(";").map(strip);
    if (!second || ![1, 2].includes(readings.length) || readCount(second) <= last) {
      refuse("Write each reading on its own line: second;°C, seconds rising.", "not_a_curve");
    }
    last = readCount(second);
    return [last, ...readings.map(readOnCurve)].join(";");
  });
  return kept.join("\n");
}

function readOnCurve(text, place) {
  const [unit, most] = ON_CURVE[place];
  const number = readNumber(text, unit);
  if (!isWithin(number, most)) {
    refuse(`Each reading of a curve is between 0 and ${most} ${unit}.`, "out_of_range");
  }
  return number;
}
