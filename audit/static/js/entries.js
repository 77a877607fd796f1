// Between the inputs of one item and its response as it is sent: parts and what stands beside them.
//
// An item's element has its key as id. Its inputs are named by the key, or by the key, a dot and the
// part; the key alone is the part "value".

function partOf(key, input) {
  return input.name === key ? "value" : input.name.slice(key.length + 1);
}

function inputsOf(element) {
  return [...element.querySelectorAll("[name]")].filter((input) => input.name.startsWith(element.id));
}

const isTicked = (input) => input.type === "radio" || input.type === "checkbox";

// What was given to `element`, null for nothing at all.
export function rawOf(element) {
  const raw = {};
  for (const input of inputsOf(element)) {
    const part = partOf(element.id, input);
    if (isTicked(input) && !input.checked) continue;
    if (part === "corrected") raw.corrected = true;
    else if (input.type === "checkbox") raw[part] = [raw[part], input.value].filter(Boolean).join(" ");
    else if (input.value.trim()) raw[part] = input.value;
  }
  return Object.keys(raw).length ? raw : null;
}

// Puts `raw` into the inputs of `element`; null empties them.
export function fill(element, raw) {
  const given = raw ?? {};
  for (const input of inputsOf(element)) {
    const part = partOf(element.id, input);
    if (part === "corrected") input.checked = Boolean(given.corrected);
    else if (isTicked(input)) tick(input, part === "value" ? given.value || given.absent : given[part]);
    else if (input.value !== (given[part] ?? "")) write(input, given[part] ?? "");
  }
}

function tick(input, given = "") {
  const chosen = Array.isArray(given) ? given : String(given ?? "").split(" ");
  input.checked = input.value !== "" && chosen.includes(input.value);
}

function write(input, text) {
  input.value = text;
  // A date field shows nothing where it cannot read the text; what was typed must not vanish.
  if (input.value !== text && input.type !== "text" && input.tagName === "INPUT") {
    input.type = "text";
    input.value = text;
  }
}

// The control to go to when the item is opened from elsewhere.
export function firstControl(element) {
  const controls = [...element.querySelectorAll(".inputs :is(input, textarea, select)")];
  return controls.find((control) => control.checked) ?? controls[0] ?? null;
}
