// Makes photos small, beside the page: a tablet stays quick while eight of them come in.
//
// The browser turns a photo upright as it decodes; drawing it anew leaves behind where and with
// which camera it was taken. One at a time, and nothing of the original is kept.

import { whyTooLarge } from "./picture-size.js";

const LONGEST = 1600;
const SMALL = 192;
const QUALITY = 0.82;
const LINE_SHARE = 1 / 160;

self.addEventListener("message", async ({ data: { id, file, strokes } }) => {
  try {
    const words = await whyTooLarge(file);
    if (words) {
      self.postMessage({ id, failed: "TooLarge", words });
      return;
    }
    const made = await makePlain(file, strokes);
    self.postMessage({ id, made }, [made.bytes, made.thumbnail]);
  } catch (error) {
    self.postMessage({ id, failed: error.name });
  }
});

async function makePlain(file, strokes) {
  const bitmap = await createImageBitmap(file);
  try {
    const canvas = drawn(bitmap, LONGEST);
    if (strokes) drawStrokes(canvas, strokes);
    const bytes = await asJpeg(canvas);
    const thumbnail = await asJpeg(drawn(canvas, SMALL));
    const { width, height } = canvas;
    return { bytes, thumbnail, width, height, digest: await digestOf(bytes) };
  } finally {
    bitmap.close();
  }
}

function drawn(picture, longest) {
  const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d", { alpha: false });
  pen.fillStyle = "white";
  pen.fillRect(0, 0, width, height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, width, height);
  return canvas;
}

// Strokes are points in thousandths of the width. White under red shows on any picture, and in print.
function drawStrokes(canvas, strokes) {
  const pen = canvas.getContext("2d");
  const scale = canvas.width / 1000;
  const line = Math.max(canvas.width, canvas.height) * LINE_SHARE;
  pen.lineCap = "round";
  pen.lineJoin = "round";
  for (const [colour, width] of [["white", 2 * line], ["#c01818", line]]) {
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    for (const stroke of strokes) {
      pen.beginPath();
      pen.moveTo(stroke[0] * scale, stroke[1] * scale);
      for (let at = 0; at < stroke.length; at += 2) {
        pen.lineTo(stroke[at] * scale, stroke[at + 1] * scale);
      }
      pen.stroke();
    }
  }
}

async function asJpeg(canvas) {
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  return blob.arrayBuffer();
}

async function digestOf(bytes) {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
