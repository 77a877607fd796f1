// Drawing on a photo: a dialog with the photo under a transparent sheet. The photo itself stays as
// it is; what is drawn becomes a second photo that names the first.

import { startPad } from "./pad.js";

// As broad as they will be in the photo.
const BROAD = { minWidth: 3, maxWidth: 4, dotSize: 4, minDistance: 2 };

// Shows the photo at `address`; returns the strokes, in thousandths of its width, or null when the
// person turned away.
export function drawOn(address, words) {
  const dialog = document.createElement("dialog");
  dialog.className = "annotate";
  dialog.setAttribute("aria-label", `Draw on ${words}`);
  const sheet = element("div", "glass-sheet");
  const picture = element("img");
  picture.alt = words;
  picture.src = address;
  const canvas = element("canvas");
  sheet.append(picture, canvas);
  const bar = element("div", "actions");
  dialog.append(sheet, bar);
  document.body.append(dialog);
  return new Promise((resolve) => {
    let strokes = [];
    const end = (result) => {
      dialog.close();
      dialog.remove();
      resolve(result);
    };
    const keep = button("Keep the drawing", "primary", () => end(strokes));
    keep.disabled = true;
    const heed = (drawn) => {
      strokes = drawn;
      keep.disabled = strokes.length === 0;
    };
    dialog.addEventListener("cancel", () => end(null));
    picture.addEventListener("load", () => {
      dialog.showModal();
      const pad = startPad(canvas, [], heed, BROAD);
      bar.append(
        keep,
        button("Start again", "", () => pad.clear()),
        button("Close without drawing", "plain", () => end(null)),
      );
    });
    picture.addEventListener("error", () => end(null));
  });
}

function element(name, className = "") {
  const made = document.createElement(name);
  made.className = className;
  return made;
}

function button(words, sort, act) {
  const made = element("button", `button ${sort}`);
  made.type = "button";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}
