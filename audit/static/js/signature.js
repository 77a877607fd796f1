// A box to sign in: keeps each line as points in thousandths of the box's width, never a picture.

const THOUSAND = 1000;
const SMALLEST_MOVE = 2;
const PEN = 2.4;

const box = document.querySelector(".drawing");
const canvas = box.querySelector("#drawing");
const kept = document.querySelector("#strokes");
const pen = canvas.getContext("2d");
let strokes = readKept();
let current = null;

function readKept() {
  if (!kept.value) return [];
  const read = JSON.parse(kept.value);
  return Array.isArray(read) ? read : [];
}

function keep() {
  kept.value = strokes.length ? JSON.stringify(strokes) : "";
}

// The points are the truth: turning the tablet draws them anew.
function fit() {
  const { width, height } = canvas.getBoundingClientRect();
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const scale = (width * ratio) / THOUSAND;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.lineWidth = (PEN * THOUSAND) / Math.max(width, 1);
  pen.lineCap = "round";
  pen.lineJoin = "round";
  pen.strokeStyle = getComputedStyle(canvas).color;
  strokes.forEach(draw);
}

function draw(stroke) {
  pen.beginPath();
  pen.moveTo(stroke[0], stroke[1]);
  if (stroke.length === 2) pen.lineTo(stroke[0], stroke[1]);
  for (let at = 2; at < stroke.length; at += 2) pen.lineTo(stroke[at], stroke[at + 1]);
  pen.stroke();
}

function pointOf(event) {
  const { left, top, width } = canvas.getBoundingClientRect();
  const inBox = (length) => Math.round((length * THOUSAND) / width);
  return [inBox(event.clientX - left), inBox(event.clientY - top)];
}

function add(event) {
  const moves = event.getCoalescedEvents?.() ?? [];
  for (const move of moves.length ? moves : [event]) {
    const [x, y] = pointOf(move);
    const [lastX, lastY] = current.slice(-2);
    if (Math.hypot(x - lastX, y - lastY) >= SMALLEST_MOVE) current.push(x, y);
  }
  draw(current);
}

canvas.addEventListener("pointerdown", (event) => {
  if (!event.isPrimary || event.button !== 0) return;
  canvas.setPointerCapture(event.pointerId);
  current = pointOf(event);
  draw(current);
});
canvas.addEventListener("pointermove", (event) => {
  if (current && event.isPrimary) add(event);
});
for (const end of ["pointerup", "pointercancel"]) {
  canvas.addEventListener(end, (event) => {
    if (!current || !event.isPrimary) return;
    strokes.push(current);
    current = null;
    keep();
  });
}
document.querySelector("#clear-drawing").addEventListener("click", () => {
  strokes = [];
  keep();
  fit();
});

box.hidden = false;
document.querySelector(".with-script").hidden = false;
// The box is watched, not the canvas, whose own size changes while fitting.
let widthBefore = 0;
new ResizeObserver(([entry]) => {
  if (entry.contentRect.width === widthBefore) return;
  widthBefore = entry.contentRect.width;
  fit();
}).observe(box);
