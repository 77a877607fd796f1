// Exact amounts: fractions of whole numbers, since the tablet's own numbers would round.

// Exponents come from checklists only, which bound their digits; no text may ask for a million.
const DECIMAL = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(?:E([+-]?[0-9]{1,2}))?$/i;

// Returns decimal text as a fraction; null where the text is something else.
export function amount(text) {
  const found = DECIMAL.exec(text);
  if (!found) return null;
  const [, sign, whole, digits = "", exponent = "0"] = found;
  const power = Number(exponent) - digits.length;
  const top = BigInt(`${sign === "-" ? "-" : ""}${whole}${digits}`);
  if (power < 0) return fraction(top, 10n ** BigInt(-power));
  return fraction(top * 10n ** BigInt(power), 1n);
}

export function fraction(top, bottom) {
  return { top, bottom };
}

// Below 0, 0 or above 0, as `one` is less than, equal to or more than `other`.
export function compare(one, other) {
  const apart = one.top * other.bottom - other.top * one.bottom;
  return apart < 0n ? -1 : Number(apart > 0n);
}

export function sum(amounts) {
  return amounts.reduce(
    (all, one) => fraction(all.top * one.bottom + one.top * all.bottom, all.bottom * one.bottom),
    fraction(0n, 1n),
  );
}
