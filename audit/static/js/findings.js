// What an audit comes to: where every asked item stands, the findings, the outcome.

import { amount, fraction, sum } from "./amounts.js";
import { asked } from "./asking.js";
import { judge, judgeNumber } from "./judging.js";

const WORST_FIRST = ["critical", "major", "minor"];
const FAILED = ["not_met", "partly_met"];
const FOUND = [...FAILED, "corrected"];
const ABSENT = { na: "not_applicable", not_observed: "not_observed" };
const BEST_FIRST = ["met", "corrected", "not_met", "not_observed", "not_applicable"];

// What was not as it must be, on the day `on`: still open before corrected, each worst first.
export function findings(definition, situation, on) {
  return standings(definition, situation, on)
    .filter(({ standing }) => FOUND.includes(standing))
    .map(({ key, number, item, about, standing }) => {
      const corrected = standing === "corrected";
      return { key, number, item, about, severity: item.severity, corrected, standing };
    })
    .sort((one, other) => one.corrected - other.corrected || rank(one) - rank(other));
}

// "pass", "pass_with_conditions", "fail" or "closed", from the worst finding still open.
export function outcome(definition, found) {
  const { closes, corrected_critical_conditions: conditions } = definition.outcome;
  const still = found.filter(({ corrected }) => !corrected);
  if (still.some(isCritical)) return closes ? "closed" : "fail";
  if (still.length || (conditions && found.some(isCritical))) return "pass_with_conditions";
  return "pass";
}

// Whether anything was scored at all; an audit in which nothing was cannot be completed.
export function judged(definition, situation, on) {
  return standings(definition, situation, on).some(({ item, counts, standing }) => {
    const scored = standing !== "unscored" && !Object.values(ABSENT).includes(standing);
    return counts && scored && amount(item.weight).top > 0n;
  });
}

// Every asked item with where it stands; `counts` is false for one of several alternatives, since
// their group decides.
export function standings(definition, situation, on) {
  const every = asked(definition, situation);
  const own = new Map(every.map((one) => [one.key, ownStanding(one, every, situation.given, on)]));
  return every.map((one) => {
    const alternative = one.parent?.needs === "one";
    const standing = one.item.needs === "one" ? ofGroup(one, every, own) : own.get(one.key);
    const decides = !(alternative && FOUND.includes(standing));
    return { ...one, counts: !alternative, standing: decides ? standing : "unscored" };
  });
}

function ownStanding(one, every, given, on) {
  const { key, item } = one;
  if (!item.scored || item.kind === "parent") return "unscored";
  if (item.kind === "calculated") return ofFigure(item, figureOf(one, every, given));
  const response = given.get(key);
  if (!response) return "unscored";
  if (response.absent) return ABSENT[response.absent];
  const standing = judge(item, response.parts, on);
  return response.corrected && FAILED.includes(standing) ? "corrected" : standing;
}

function ofGroup(one, every, own) {
  const children = every.filter((other) => other.parentKey === one.key);
  const shown = new Set(children.map(({ key }) => own.get(key)));
  if (shown.has("partly_met")) shown.add("not_met");
  return BEST_FIRST.find((standing) => shown.has(standing)) ?? "unscored";
}

function ofFigure(item, figure) {
  return figure ? judgeNumber(item, figure) : "unscored";
}

// The figure a calculated item makes of the others, as an exact fraction; null without any of them.
function figureOf({ item, repeat }, every, given) {
  const here = (other) => !repeat || ["", repeat].includes(other.repeat);
  const sources = every
    .filter((other) => item.of.includes(other.item.code) && here(other))
    .map(({ key }) => given.get(key))
    .filter((response) => response && !response.absent)
    .map(({ parts }) => parts);
  if (!sources.length) return null;
  if (item.calculate === "rate") return rateOf(sources);
  const total = sum(sources.map(({ value }) => amount(value)));
  if (item.calculate === "sum") return total;
  return fraction(total.top, total.bottom * BigInt(sources.length));
}

function rateOf(sources) {
  const total = (name) => sources.reduce((all, parts) => all + BigInt(parts[name]), 0n);
  const done = total("done");
  return fraction(100n * done, done + total("missed"));
}

function rank({ severity }) {
  return WORST_FIRST.indexOf(severity);
}

function isCritical({ severity }) {
  return severity === "critical";
}
