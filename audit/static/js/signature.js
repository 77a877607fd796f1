// The page where someone signs: the box is there for those whose browser can draw.

import { startPad } from "./pad.js";

const box = document.querySelector(".drawing");
const sent = document.querySelector("#strokes");

function readSent() {
  if (!sent.value) return [];
  const read = JSON.parse(sent.value);
  return Array.isArray(read) ? read : [];
}

box.hidden = false;
document.querySelector(".with-script").hidden = false;
const pad = startPad(box.querySelector("#drawing"), readSent(), (strokes) => {
  sent.value = strokes.length ? JSON.stringify(strokes) : "";
});
document.querySelector("#clear-drawing").addEventListener("click", () => pad.clear());
