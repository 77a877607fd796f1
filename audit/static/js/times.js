// Says days and times as the plain pages do: 3 Dec 2026, 02:28 MST.

const DAY = { day: "numeric", month: "short", year: "numeric" };
const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" };

// Returns `at` as the clock at the site shows it, or this tablet's where no zone is known; the zone
// is named either way.
export function moment(at, zone) {
  const shown = new Intl.DateTimeFormat("en-US", { ...DAY, ...TIME, timeZone: zone || undefined });
  const part = partsOf(shown, new Date(at));
  return `${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute} ${part.timeZoneName}`;
}

// Returns a day written as 2026-12-03.
export function day(text) {
  const part = partsOf(new Intl.DateTimeFormat("en-US", { ...DAY, timeZone: "UTC" }), new Date(text));
  return `${part.day} ${part.month} ${part.year}`;
}

function partsOf(format, when) {
  return Object.fromEntries(format.formatToParts(when).map(({ type, value }) => [type, value]));
}
