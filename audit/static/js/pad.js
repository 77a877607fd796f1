// A box to sign in. Lines are kept as points in thousandths of the box's width, never as a picture,
// so that turning the tablet draws them anew and the report prints them sharp.

import SignaturePad from "../vendor/signature_pad/signature_pad.js";

const THOUSAND = 1000;
const WIDTHS = { minWidth: 0.9, maxWidth: 2.6, dotSize: 1.6, minDistance: 2 };

// Lets someone draw on `canvas`; `strokes` stand there already. Calls `onStroke(strokes)` after each
// line. Returns { clear }.
export function startPad(canvas, strokes, onStroke, widths = WIDTHS) {
  const pad = new SignaturePad(canvas, widths);
  let kept = strokes;
  pad.addEventListener("endStroke", () => {
    kept = pad.toData().map((line) => inThousandths(line.points, canvas.clientWidth));
    onStroke(kept);
  });
  // The box around is watched, not the canvas, whose own size changes while fitting; a height that
  // changes alone is the address bar coming and going.
  let widthBefore = 0;
  new ResizeObserver(([entry]) => {
    if (entry.contentRect.width === widthBefore) return;
    widthBefore = entry.contentRect.width;
    fit(canvas);
    // Before it stands on the page, the box has no colour of its own.
    pad.penColor = getComputedStyle(canvas).color;
    const line = { ...widths, penColor: pad.penColor };
    pad.fromData(kept.map((stroke) => ({ ...line, points: inPixels(stroke, canvas.clientWidth) })));
  }).observe(canvas.parentElement);
  return {
    clear() {
      pad.clear();
      kept = [];
      onStroke(kept);
    },
  };
}

function fit(canvas) {
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  canvas.width = canvas.clientWidth * ratio;
  canvas.height = canvas.clientHeight * ratio;
  canvas.getContext("2d").scale(ratio, ratio);
}

function inThousandths(points, width) {
  const scaled = (length) => Math.round((length * THOUSAND) / width);
  return points.flatMap(({ x, y }) => [scaled(x), scaled(y)]);
}

function inPixels(stroke, width) {
  const points = [];
  for (let at = 0; at < stroke.length; at += 2) {
    const [x, y] = [stroke[at], stroke[at + 1]].map((length) => (length * width) / THOUSAND);
    // Drawn again at one even speed, and so of one even width.
    points.push({ x, y, pressure: 0, time: at * 8 });
  }
  return points;
}
