// Counts with large buttons: one more, one less, and the last tap taken back.

// Gives each counting input in `root` its buttons; the last tap can be taken back item by item.
export function addCounters(root) {
  for (const item of root.querySelectorAll(".asked:has(input[data-count])")) {
    const taps = [];
    for (const input of item.querySelectorAll("input[data-count]")) addCounter(input, taps);
    addTakeBack(item, taps);
  }
}

function addCounter(input, taps) {
  const name = input.closest(".entry").querySelector("label").textContent;
  const counter = document.createElement("div");
  counter.className = "counter";
  input.replaceWith(counter);
  const step = (by) => () => {
    const before = input.value;
    taps.push({ input, before });
    set(input, String(Math.max(0, (Number.parseInt(before, 10) || 0) + by)));
  };
  counter.append(
    makeButton("\u2212", `One less: ${name}`, step(-1)),
    input,
    makeButton("+", `One more: ${name}`, step(1)),
  );
}

function addTakeBack(item, taps) {
  const button = makeButton("Undo the last tap", "", () => {
    const last = taps.pop();
    if (last) set(last.input, last.before);
    button.hidden = taps.length === 0;
  });
  button.classList.add("plain");
  button.hidden = true;
  item.addEventListener("click", () => (button.hidden = taps.length === 0));
  item.querySelector(".inputs").append(button);
}

function set(input, text) {
  input.value = text;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function makeButton(sign, words, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = sign;
  if (words) button.setAttribute("aria-label", words);
  button.addEventListener("click", act);
  return button;
}
