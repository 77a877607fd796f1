// Which items one audit is asked, in order, and what it still lacks: the same as on the server.

import { amount, compare } from "./amounts.js";
import { judge } from "./judging.js";
import { wordsOf } from "./texts.js";

const ONCE = [{ id: "", label: "" }];

export function keyOf(code, repeat = "") {
  return repeat ? `${code}@${repeat}` : code;
}

// Every item asked, once per repeat, with its printed number. A response kept from when its item
// was still asked decides nothing.
export function asked(definition, situation) {
  const found = [];
  const known = { ...situation, given: new Map() };
  for (const section of definition.sections) {
    if (section.when && !holds(section.when, known)) continue;
    for (const one of askedIn(section, known)) {
      found.push(one);
      const response = situation.given.get(one.key);
      if (response) known.given.set(one.key, response);
    }
  }
  return found;
}

function* askedIn(section, known) {
  for (const subject of subjectsOf(section.repeat_over, known, ONCE)) {
    for (const item of section.items) {
      const own = section.repeat_over ? null : item.repeat_over;
      for (const subjectHere of subjectsOf(own, known, [subject])) {
        yield* askedItem(item, section, subjectHere, known);
      }
    }
  }
}

function subjectsOf(group, known, otherwise) {
  return group ? (known.repeats[group] ?? []) : otherwise;
}

function* askedItem(item, section, subject, known) {
  if (item.when && !holds(item.when, known, subject.id)) return;
  const whole = askedOnce(item, section, subject, null);
  yield whole;
  for (const child of item.items ?? []) {
    if (child.when && !holds(child.when, known, subject.id)) continue;
    yield askedOnce(child, section, subject, whole);
  }
}

function askedOnce(item, section, subject, whole) {
  return {
    key: keyOf(item.code, subject.id),
    number: item.number,
    item,
    section,
    parent: whole?.item ?? null,
    parentKey: whole?.key ?? "",
    repeat: subject.id,
    about: subject.label,
  };
}

// Whether a condition holds; `repeat` prefers the response of the same repeat.
export function holds(condition, known, repeat = "") {
  if (condition.not) return !holds(condition.not, known, repeat);
  if (condition.all) return condition.all.every((inner) => holds(inner, known, repeat));
  if (condition.any) return condition.any.some((inner) => holds(inner, known, repeat));
  if (condition.service) return known.services.has(condition.service);
  if (condition.count) {
    return reaches(String(known.repeats[condition.count]?.length ?? 0), condition.at_least);
  }
  return responseHolds(condition, known.given, repeat);
}

function responseHolds(condition, given, repeat) {
  const response = given.get(`${condition.response}@${repeat}`) ?? given.get(condition.response);
  if (!response || response.absent) return false;
  const text = response.parts.value ?? "";
  if (condition.is) return wordsOf(text).some((word) => condition.is.includes(word));
  return reaches(text, condition.at_least);
}

function reaches(text, least) {
  const number = amount(text);
  return number !== null && compare(number, amount(least)) >= 0;
}

// What is missing before this audit can be completed on the day `on`: groups to be named first,
// then items in their order. `photoCounts` has the number of photos by key; who knows `every` item
// asked already says so.
export function lacking(definition, situation, photoCounts, on, every = asked(definition, situation)) {
  return [
    ...lackingGroups(definition, situation, every),
    ...every.flatMap((one) => lackingOf(one, every, situation.given, photoCounts, on)),
  ];
}

function lackingGroups(definition, situation, every) {
  const heeded = new Map(every.map(({ key }) => [key, situation.given.get(key)]));
  const known = { ...situation, given: heeded };
  const open = definition.sections.filter(({ when }) => !when || holds(when, known));
  const wanted = new Set(open.flatMap(groupsOf));
  return [...wanted]
    .filter((group) => !situation.repeats[group])
    .map((group) => ({ group, words: `Name the ${group} you looked at, or say there are none.` }));
}

function groupsOf(section) {
  if (section.repeat_over) return [section.repeat_over];
  return section.items.map((item) => item.repeat_over).filter(Boolean);
}

function lackingOf(one, every, given, photoCounts, on) {
  const isGroup = one.item.kind === "parent";
  const lacks = isGroup ? groupLacks(one, every, given) : ownLacks(one, given, photoCounts, on);
  return lacks.map((words) => ({ key: one.key, words }));
}

function groupLacks(one, every, given) {
  if (one.item.needs !== "one" || !one.item.required) return [];
  const children = every.filter((other) => other.parentKey === one.key);
  const open = children.length > 0 && !children.some(({ key }) => given.has(key));
  return open ? ["Answer at least one of these."] : [];
}

function ownLacks({ key, item, parent }, given, photoCounts, on) {
  if (!item.answerable) return [];
  const response = given.get(key);
  if (!response) return item.required && parent?.needs !== "one" ? ["Not answered yet."] : [];
  if (response.absent) {
    const said = response.reason || (response.absent === "na" && item.service);
    return said ? [] : ["Say why, in a word or two."];
  }
  return evidenceLacks(item, response, photoCounts.get(key) ?? 0, on);
}

function evidenceLacks(item, response, photos, on) {
  const failed = () => ["not_met", "partly_met"].includes(judge(item, response.parts, on));
  const wanted = (need) => need === "required" || (need === "on_failure" && failed());
  const { comment, photo } = item.evidence;
  // Where photos are the response, a typed count alone shows nothing.
  const due = Math.max(item.kind === "photos" ? Number(response.parts.value) : 0, Number(wanted(photo)));
  const add = due === 1 ? "Add a photo." : `Add all ${due} photos: ${photos} so far.`;
  return [
    ...(wanted(comment) && !response.comment ? ["Add a comment that says what you saw."] : []),
    ...(photos < due ? [add] : []),
  ];
}
