// Makes one section quicker: counters, the next open item, and the note that a failing item wants.

import { addCounters } from "./counter.js";

const form = document.querySelector("#section");

function isAnswered(item) {
  const instead = item.querySelector(".instead select");
  if (instead && instead.value) return true;
  return [...item.querySelectorAll(".inputs input, .inputs textarea")].some((input) =>
    input.type === "radio" || input.type === "checkbox"
      ? input.checked && input.value !== ""
      : input.value.trim() !== "",
  );
}

function showProgress() {
  const items = [...form.querySelectorAll("[data-asked]")];
  const open = items.filter((item) => !isAnswered(item));
  const line = form.querySelector("#answered");
  const link = form.querySelector("#next-open");
  if (line) line.textContent = `${items.length - open.length} of ${items.length} answered here`;
  if (!link) return;
  link.hidden = open.length === 0;
  if (open.length) link.href = `#${encodeURIComponent(open[0].id)}`;
}

function openNote(item) {
  const note = item.querySelector("details.note");
  if (note) note.open = true;
}

// What was typed and not sent is asked about before it is left behind; a refused form is unsent.
let unsent = form.querySelector(".summary") !== null;
form.addEventListener("input", () => (unsent = true));
form.addEventListener("submit", () => (unsent = false));
window.addEventListener("beforeunload", (event) => {
  if (unsent) event.preventDefault();
});

addCounters(form);

form.addEventListener("input", showProgress);
form.addEventListener("change", (event) => {
  showProgress();
  if (event.target.closest(".pick.bad")) openNote(event.target.closest("[data-asked]"));
});

showProgress();
