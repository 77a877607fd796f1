// Reads what people type, strictly: ASCII numbers, real days, bounded clean text. What is taken and
// the words of what is refused are the server's own.

export const LONGEST_TEXT = 4000;

// What counts as space around and between words; a tablet's own trim() knows others.
const SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const LINE_END = /\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/;
const UNPRINTABLE = /(?![\n\t])\p{Cc}|\p{Cs}/u;
// All but the two that join letters, for scripts that need them.
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;
const FIGURES = /^[+-]?[0-9]+(?:[.,][0-9]+)?$/;
const NUMBER = /^([+-]?)([0-9]{1,12})(?:[.,]([0-9]{1,6}))?$/;
const COUNT = /^[0-9]{1,5}$/;
const DAY = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const MOMENT = /^([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}:[0-9]{2})(?::([0-9]{2}))?$/;

// A response that cannot be taken: a stable code, and words for the person who gave it.
export class Refusal extends Error {
  constructor(words, code) {
    super(words);
    this.name = "Refusal";
    this.words = words;
    this.code = code;
  }
}

export function refuse(words, code) {
  throw new Refusal(words, code);
}

export function strip(text) {
  let [from, to] = [0, text.length];
  while (from < to && SPACE.test(text[from])) from += 1;
  while (from < to && SPACE.test(text[to - 1])) to -= 1;
  return text.slice(from, to);
}

export function wordsOf(text) {
  return text.split(SPACE).filter(Boolean);
}

export function linesOf(text) {
  return text.split(LINE_END).filter((line) => strip(line));
}

export function counted(number) {
  return number.toLocaleString("en-US");
}

// Without what is invisible: some of it turns the reading direction, so that a signed text would
// read otherwise than it is.
export function visible(text) {
  return text.replace(INVISIBLE, "");
}

// Text in one form (NFC, plain line ends), without control characters.
export function readText(text, longest = LONGEST_TEXT) {
  const clean = strip(visible(text.replace(/\r\n?/g, "\n")).normalize("NFC"));
  const length = [...clean].length;
  if (length > longest) {
    const words = `Too long: at most ${counted(longest)} characters, this has ${counted(length)}.`;
    refuse(words, "too_long");
  }
  if (UNPRINTABLE.test(clean)) {
    refuse("A character in this text cannot be printed. Type the text again to be rid of it.", "control_character");
  }
  return clean;
}

// A plain decimal as text; a comma counts as a point, NaN and exponents are refused.
export function readNumber(text, unit) {
  const found = NUMBER.exec(text);
  if (!found) {
    const many = "Too many digits: at most 12 before the point and 6 after it.";
    refuse(FIGURES.test(text) ? many : `Write a number in ${unit}, for example 36.5.`, "not_a_number");
  }
  const [, sign, whole, digits = ""] = found;
  const figure = `${whole.replace(/^0+(?=[0-9])/, "")}${digits && `.${digits}`}`;
  // Nobody reads -0 as anything but 0.
  return sign === "-" && /[1-9]/.test(figure) ? `-${figure}` : figure;
}

// A whole count from 0 to 99,999; nothing counts as none.
export function readCount(text) {
  if (text && !COUNT.test(text)) {
    const large = /^[0-9]+$/.test(text);
    refuse(large ? "Too large: a count is at most 99,999." : "Write a whole number, for example 4.", "not_a_count");
  }
  return Number(text);
}

// A day written as 2026-11-23, between 1900 and 2200.
export function readDate(text) {
  const [, year, month, day] = DAY.exec(text) ?? [];
  if (!year) refuse("Write the date as year-month-day, for example 2026-11-23.", "not_a_date");
  if (!isDay(Number(year), Number(month), Number(day))) {
    refuse(`There is no day ${text}. Look at year, month and day again.`, "not_a_date");
  }
  if (text < "1900-01-01" || text > "2200-01-01") {
    refuse("Look at the year again: it must lie between 1900 and 2200.", "not_a_date");
  }
  return text;
}

// A day and time as 2026-11-23T14:05, local at the site; seconds are dropped.
export function readMoment(text) {
  const [, day, time, second] = MOMENT.exec(text) ?? [];
  if (!day) refuse("Write date and time, for example 2026-11-23 14:05.", "not_a_moment");
  readDate(day);
  if (!isTime(time, second)) {
    refuse(`There is no time ${text.slice(11)}. Times go from 00:00 to 23:59.`, "not_a_moment");
  }
  return `${day}T${time}`;
}

function isTime(time, second = "00") {
  return time < "24:00" && time.slice(3) < "60" && second < "60";
}

function isDay(year, month, day) {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= days[month - 1];
}
