// Puts responses into words, as the server's pages and reports do.

const MONTHS = [
  "January", "February", "March", "April", "May", "June",
  "July", "August", "September", "October", "November", "December",
];
const ABSENT = { na: "Not applicable", not_observed: "Not observed" };

const SAYS = {
  compliance: (item, { value }) => value[0].toUpperCase() + value.slice(1),
  choice: sayChoice,
  number: sayReading,
  duration: sayReading,
  moment: (item, { value }) => {
    const [day, time] = value.split("T");
    return time ? `${spokenDay(day)}, ${time}` : spokenDay(day);
  },
  tally: (item, { done, missed }) => `${done} of ${Number(done) + Number(missed)} done`,
  cycle: sayCycle,
  document: (item, { value, expires_on: last }) =>
    last ? `${value}, good until ${spokenDay(last)}` : value,
  photos: (item, { value }) => `${value} photo${value === "1" ? "" : "s"}`,
};

// A response in one line, without what was said beside it.
export function say(item, response) {
  if (response.absent) return ABSENT[response.absent];
  const { parts } = response;
  return SAYS[item.kind] ? SAYS[item.kind](item, parts) : (parts.value ?? "");
}

function sayChoice(item, { value }) {
  const chosen = value.split(" ");
  const labels = item.options.filter(({ code }) => chosen.includes(code)).map(({ label }) => label);
  return labels.join(", ");
}

function sayReading(item, { value, instrument }) {
  return `${value} ${item.unit}${instrument ? ` (${instrument})` : ""}`;
}

function sayCycle(item, { number, celsius, minutes }) {
  return `${number ? `Cycle ${number}: ` : ""}${celsius} °C for ${minutes} min`;
}

// "3 March 2026" from "2026-03-03", whatever the tablet's language.
export function spokenDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}
