// Where responses stand, and what an audit comes to: exact, and the same as on the server.

import { amount, compare, fraction, sum } from "./amounts.js";

const DAY = 86_400_000;
const HOLDS = {
  "<": (side) => side < 0,
  "<=": (side) => side <= 0,
  "=": (side) => side === 0,
  ">=": (side) => side >= 0,
  ">": (side) => side > 0,
};

const metIf = (met) => (met ? "met" : "not_met");
const reaches = (text, least) => compare(amount(text), amount(least)) >= 0;

const JUDGES = {
  compliance: (item, parts) => metIf(parts.value === item.met_when),
  choice: judgeChoice,
  number: (item, parts) => judgeNumber(item, amount(parts.value)),
  duration: (item, parts) => judgeNumber(item, amount(parts.value)),
  calculated: (item, parts) => judgeNumber(item, amount(parts.value)),
  moment: judgeMoment,
  tally: judgeTally,
  cycle: (item, parts) =>
    metIf(reaches(parts.celsius, item.celsius) && reaches(parts.minutes, item.minutes)),
  // Days as year-month-day sort by time; a paper that does not show its last day fails.
  document: (item, parts, on) => metIf(!item.expires || (parts.expires_on ?? "") >= on),
  photos: (item, parts) => metIf(Number(parts.value) >= item.at_least),
};

// Where the parts of a response stand on the day `on`: "met", "partly_met", "not_met", "unscored".
export function judge(item, parts, on) {
  return JUDGES[item.kind]?.(item, parts, on) ?? "unscored";
}

// Whether a figure, as an exact fraction, keeps within every limit of its item.
export function judgeNumber(item, figure) {
  if (!item.limits.length) return "unscored";
  const within = ({ comparator, value }) => HOLDS[comparator](compare(figure, amount(value)));
  return metIf(item.limits.every(within));
}

function judgeChoice(item, parts) {
  const chosen = parts.value.split(" ");
  const shares = item.options
    .filter(({ code, share }) => chosen.includes(code) && share !== null)
    .map(({ share }) => amount(share));
  if (!shares.length) return "unscored";
  const all = sum(shares);
  if (all.top === 0n) return "not_met";
  return compare(all, fraction(BigInt(shares.length), 1n)) === 0 ? "met" : "partly_met";
}

function judgeMoment(item, parts, on) {
  if (item.within_days === null) return "unscored";
  const age = (Date.parse(on) - Date.parse(parts.value.slice(0, 10))) / DAY;
  return metIf(age <= item.within_days && (item.future || age >= 0));
}

function judgeTally(item, parts) {
  if (item.target === null) return "unscored";
  const [done, missed] = [BigInt(parts.done), BigInt(parts.missed)];
  return metIf(compare(fraction(100n * done, done + missed), amount(item.target)) >= 0);
}
