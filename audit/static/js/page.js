// On every page: move to the errors, close the menu when someone turns away from it, send no form
// twice, keep the pages of the tablet, and forget its key when someone signs out.

import { startKeeper } from "./keeper.js";

const SENT_FOR = 10_000;

if ("serviceWorker" in navigator) startKeeper();

const summary = document.querySelector(".summary");
if (summary) {
  document.title = `Error: ${document.title}`;
  summary.focus();
}

const menu = document.querySelector("details.menu");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// The first press is under way; a second would do the same once more. After a while it may be
// pressed again: the way to the server may have been cut.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, SENT_FOR);
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-sign-out]") || !("caches" in window)) return;
  event.preventDefault();
  const { signOutHere } = await import("./who.js");
  try {
    await signOutHere();
  } finally {
    form.submit();
  }
});
